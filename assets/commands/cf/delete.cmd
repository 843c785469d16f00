call :look
if not defined exists call :stop "There is no instance %instance% in this space." & exit /b 1
if not defined ours call :stop "%instance% is not an instance of the service %service% with the plan %plan%. Nothing was deleted." & exit /b 1
cf service-keys %instance%

rem Since version 7, cf deletes all keys together with the instance, without listing them.
echo(
echo Deleting %instance% also deletes every key in this list. This cannot be undone: new keys have new secrets.
set "answer="
set /p "answer=Type %instance% to delete the instance and all of its keys. Enter alone keeps them: "
if not defined answer goto kept
set answer | findstr /x /l /c:"answer=%instance%" >nul && goto confirmed
:kept
call :stop "Nothing was deleted."
exit /b 1

:confirmed
call :has_key %key%
if not defined guid goto instance
call :perform delete-service-key %instance% %key% -f && goto instance
call :stop "The key %key% could not be deleted."
exit /b 1

:instance
call :perform delete-service %instance% -f && goto deleted
call :stop "%instance% could not be deleted. cf version 6 refuses while there are keys: delete each with cf delete-service-key."
exit /b 1

:deleted
echo %instance% and its keys were deleted. Remove them from everything that used them, and from the password manager.
exit /b 0
