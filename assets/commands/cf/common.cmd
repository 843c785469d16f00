@echo off
rem @title@
rem Save it as a file that ends in .cmd and run it. It needs the cf command line, version 6 or later, and contains no secret.
setlocal EnableExtensions DisableDelayedExpansion
chcp 65001 >nul

set "service=@service@"
set "plan=@plan@"
set "instance=@instance@"
set "key=@key@"
set "next=@next_key@"
set "endpoints=@endpoints@"
set "here=%CD%"

where cf >nul 2>&1 || (
    >&2 echo cf is not on the PATH. Install the Cloud Foundry CLI first.
    exit /b 1
)

rem Parameters are passed in a file, because every shell treats quotes differently.
set "folder=%TEMP%\cpikey-%RANDOM%-%RANDOM%"
md "%folder%" && cd /d "%folder%" || exit /b 1
call :main
set "result=%errorlevel%"
cd /d "%here%"
rd /s /q "%folder%"
exit /b %result%

:main
(
@parameters@
) >parameters.json
(
@key_parameters@
) >key.json

rem Never create anything in the wrong landscape.
if not defined endpoints goto logged_in
set "meant="
cf api >api.txt 2>nul
for %%e in (%endpoints%) do findstr /l /c:"%%e" api.txt >nul && set "meant=yes"
if not defined meant call :stop "cf does not point to %endpoints%. Log in there: cf login --sso -a ADDRESS" & exit /b 1
:logged_in
cf target@target@ >nul && cf services >nul && goto step
call :stop "cf is not logged in, or has no such org and space, or you are not a member of the space. Log in with: cf login --sso"
exit /b 1

:stop
>&2 echo %~1
exit /b 1

rem cf's labels differ between versions and languages, but the values do not.
:look
set "exists="
set "has_service="
set "has_plan="
set "busy="
set "failed="
cf service %instance% >service.txt 2>nul || exit /b 0
set "exists=yes"
for /f "usebackq tokens=1,* delims=:" %%a in ("service.txt") do for /f "tokens=1-3" %%u in ("%%b") do (
    if "%%u"=="%service%" set "has_service=yes"
    if "%%u"=="%plan%" set "has_plan=yes"
    if "%%v %%w"=="in progress" set "busy=yes"
    if "%%v"=="failed" set "failed=%%u"
)
set "ours="
if defined has_service if defined has_plan set "ours=yes"
exit /b 0

rem Older versions of cf have no --wait, and return while the broker is still working.
:perform
set "wait="
cf help %1 >help.txt
findstr /l /c:"--wait" help.txt >nul && set "wait=--wait"
cf %* %wait% || exit /b 1
set /a tries=0
:settle
call :look
if not defined busy goto settled
set /a tries+=1
if %tries% gtr 180 call :stop "This has taken half an hour. Check it with: cf service %instance%" & exit /b 1
rem Ten seconds; timeout does not work if input is redirected.
ping -n 11 127.0.0.1 >nul
goto settle
:settled
if not defined failed exit /b 0
if "%1"=="create-service-key" exit /b 0
if "%1"=="delete-service-key" exit /b 0
exit /b 1

rem Version 6 succeeds even for a key that does not exist, so check the GUID.
:has_key
set "guid="
cf service-key %instance% %1 --guid >guid.txt 2>nul
for /f "usebackq" %%g in (`findstr /r /b /c:"[0-9A-Fa-f][0-9A-Fa-f]*-[0-9A-Fa-f][0-9A-Fa-f]*-" guid.txt`) do set "guid=%%g"
if defined guid exit /b 0
exit /b 1

:make_key
call :has_key %1
if defined guid (
    echo The key %1 already exists and is not changed.
    exit /b 0
)
call :perform create-service-key %instance% %1 -c key.json && exit /b 0
call :stop "The key %1 could not be created. See the broker's message above."
exit /b 1

rem cf service-key prints a line before the JSON, so the key is fetched from the API, which wraps it in
rem "credentials". cpikey accepts that; many other tools need the part from "oauth" on.
:save_key
call :has_key %1
cf curl "/v3/service_credential_bindings/%guid%/details" >new.json
findstr /l /c:"clientid" new.json >nul || (
    call :stop "The key %1 could not be read. That requires the role Space Developer."
    exit /b 1
)
copy /y new.json "%here%\%1.json" >nul || exit /b 1
echo The key is in %1.json. Look at it with: cpikey @examine@ %1.json
echo Then put it into a password manager and delete the file. Never send it by email or chat.
exit /b 0

:no_file
if not exist "%here%\%1.json" exit /b 0
call :stop "The file %1.json already exists. Move it away first."
exit /b 1

:step
