call :no_file %key% || exit /b 1
call :look
if not defined exists goto create
if not defined ours call :stop "%instance% exists, but is not an instance of the service %service% with the plan %plan%. Choose another name." & exit /b 1
rem Cloud Foundry replaces a failed instance.
if "%failed%"=="create" echo %instance% failed to be created before, and is created again.& goto create
rem create-service prints OK for an existing name, and does not change the parameters.
echo %instance% already exists. Its roles are set to those of this script; its keys stay valid.
call :perform update-service %instance% -c parameters.json && goto make
call :stop "%instance% could not be updated. See the broker's message above."
exit /b 1

:create
call :perform create-service %service% %plan% %instance% -c parameters.json && goto make
call :stop "%instance% could not be created. If the service or plan was not found, the subaccount lacks the entitlement."
exit /b 1

:make
call :make_key %key% || exit /b 1
call :save_key %key%
exit /b
