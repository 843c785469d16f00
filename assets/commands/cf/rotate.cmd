call :has_key %key% && goto first
call :stop "There is no key %key% of %instance%. See: cf service-keys %instance%"
exit /b 1

:first
call :has_key %next%
if defined guid (
    echo The key %next% exists already: the first half was done before.
    goto second
)
call :no_file %next% || exit /b 1
call :make_key %next% || exit /b 1
call :save_key %next% || exit /b 1

rem Both keys work until the old one is deleted.
:second
echo(
echo Now test %next% and put it into everything that uses %key%. Client id and secret may both differ.
set "answer="
set /p "answer=When all of it works with %next%, type %key% to delete that key. Enter alone keeps it: "
if not defined answer goto kept
set answer | findstr /x /l /c:"answer=%key%" >nul || goto kept
call :perform delete-service-key %instance% %key% -f && goto deleted
call :stop "The key %key% could not be deleted."
exit /b 1

:kept
echo %key% is kept. Later: cf delete-service-key %instance% %key% -f, or run this again.
exit /b 0

:deleted
echo %key% is deleted. A client that still uses it is locked out once the last token has expired.
exit /b 0
