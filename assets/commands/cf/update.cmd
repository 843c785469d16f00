call :look
if not defined exists call :stop "There is no instance %instance% in this space. Use the script that creates it." & exit /b 1
if not defined ours call :stop "%instance% is not an instance of the service %service% with the plan %plan%. Nothing was changed." & exit /b 1
rem The list replaces the previous one: a role that is not in it is removed.
call :perform update-service %instance% -c parameters.json && goto updated
call :stop "%instance% could not be updated. See the broker's message above."
exit /b 1

:updated
echo Updated. Keys stay valid. Existing tokens keep their roles; new tokens have the new roles within an hour.
exit /b 0
