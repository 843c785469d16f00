call :no_file %key% || exit /b 1
call :look
if not defined exists goto create
if not defined ours call :stop "%instance% exists, but is not of the service %service% with the plan %plan%. Choose another name." & exit /b 1
rem Cloud Foundry puts the new one in the place of one that failed.
if "%failed%"=="create" echo %instance% could not be created before, and is created again.& goto create
rem create-service prints OK for a name that exists, and does not change its parameters.
echo %instance% exists already. Its roles are set to those of this script; its keys stay valid.
call :perform update-service %instance% -c parameters.json && goto make
call :stop "%instance% could not be updated. The message of the broker is above."
exit /b 1

:create
call :perform create-service %service% %plan% %instance% -c parameters.json && goto make
call :stop "%instance% could not be created. If service or plan was not found, the subaccount lacks the entitlement."
exit /b 1

:make
call :make_key %key% || exit /b 1
call :save_key %key%
exit /b
