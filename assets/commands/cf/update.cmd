call :look
if not defined exists call :stop "There is no instance %instance% in this space. The script for creating it does more than this one." & exit /b 1
if not defined ours call :stop "%instance% is not of the service %service% with the plan %plan%. Nothing was changed." & exit /b 1
rem The list replaces the previous one: a role that is not in it is removed.
call :perform update-service %instance% -c parameters.json && goto updated
call :stop "%instance% could not be updated. The message of the broker is above."
exit /b 1

:updated
echo Updated. Keys stay valid. A token that was issued before keeps its roles; a new one has the new roles within an hour.
exit /b 0
