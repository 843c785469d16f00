call :has_key %key% && goto first
call :stop "There is no key %key% of %instance%. See: cf service-keys %instance%"
exit /b 1

:first
call :has_key %next%
if defined guid (
    echo The key %next% already exists: the first half has been done.
    goto second
)
call :no_file %next% || exit /b 1
call :make_key %next% || exit /b 1
call :save_key %next% || exit /b 1

rem Both keys work until the old one is deleted.
:second
echo(
echo Now test %next% and put it into everything that uses %key%. The client id and the secret may both differ.
set "answer="
set /p "answer=Once everything works with %next%, type %key% to delete that key. Enter alone keeps it: "
if not defined answer goto kept
set answer | findstr /x /l /c:"answer=%key%" >nul || goto kept
call :perform delete-service-key %instance% %key% -f && goto deleted
call :stop "The key %key% could not be deleted."
exit /b 1

:kept
echo %key% is kept. Later: cf delete-service-key %instance% %key% -f, or run this again.
exit /b 0

:deleted
echo %key% was deleted. A client that still uses it loses access when its last token expires.
exit /b 0
