# @title@
# Save it as a file and run it: powershell -ExecutionPolicy Bypass -File FILE.ps1 (or pwsh instead of powershell).
# It needs the cf command line, version 6 or later, and holds no secret.
$ErrorActionPreference = 'Continue'

$service = @service@
$plan = @plan@
$instance = @instance@
$key = @key@
$endpoints = @(@endpoints@)

function Stop-Here([string]$Text) { throw $Text }

# Up to version 7.2, PowerShell loses the double quotes in what it hands to a program.
function Get-Argument([string]$Text) {
    if ($PSVersionTable.PSVersion -ge [version]'7.3') { return $Text }
    $Text = $Text -replace '(\\*)"', '$1$1\"'
    if ($Text -match '\s') { $Text = $Text -replace '(\\+)$', '$1$1' }
    return $Text
}

if (-not (Get-Command cf -CommandType Application -ErrorAction SilentlyContinue)) {
    Stop-Here 'There is no cf on the PATH. Install the Cloud Foundry command line first.'
}

# Parameters go through a file: quotes on a command line mean something else in every shell.
$folder = Join-Path ([IO.Path]::GetTempPath()) ('cpikey-' + [Guid]::NewGuid())
$null = New-Item -ItemType Directory -Path $folder -ErrorAction Stop
$parametersFile = Join-Path $folder 'parameters.json'
$keyFile = Join-Path $folder 'key.json'
# Not with > or Out-File: Windows PowerShell would write UTF-16, which cf cannot read.
[IO.File]::WriteAllText($parametersFile, @'
@parameters@
'@)
[IO.File]::WriteAllText($keyFile, @'
@key_parameters@
'@)

# Labels of cf differ between versions and languages, the values behind them do not.
function Get-Look {
    $text = & cf service $instance 2>$null
    if ($LASTEXITCODE -eq 0) { $text }
}
function Test-Instance { return @(Get-Look).Count -gt 0 }
function Test-Shows([string]$Pattern) { return @(@(Get-Look) -match (':\s+' + $Pattern + '\s*$')).Count -gt 0 }
function Test-Ours { return (Test-Shows $service) -and (Test-Shows $plan) }

# An older cf has no --wait, and returns while the broker is still at work.
function Invoke-Cf([string[]]$Words) {
    if (@(@(& cf help $Words[0]) -match '--wait').Count -gt 0) { $Words += '--wait' }
    & cf @Words | Out-Host
    if ($LASTEXITCODE -ne 0) { return $false }
    $tries = 0
    while (Test-Shows '[a-z]+ in progress') {
        $tries++
        if ($tries -gt 180) { Stop-Here "It has taken half an hour. Look at it with: cf service $instance" }
        Start-Sleep -Seconds 10
    }
    return -not (($Words[0] -like '*-service') -and (Test-Shows '[a-z]+ failed'))
}

# Version 6 succeeds for a key that does not exist, so the id is what counts.
function Test-Key([string]$Name) {
    return @(@(& cf service-key $instance $Name --guid 2>$null) -match '^[0-9A-Fa-f]{8}-').Count -gt 0
}
function New-Key([string]$Name) {
    if (Test-Key $Name) {
        Write-Host "The key $Name exists already and stays as it is."
    } elseif (-not (Invoke-Cf @('create-service-key', $instance, $Name, '-c', $keyFile))) {
        Stop-Here "The key $Name could not be created. The message of the broker is above."
    }
}

# What cf prints is not yet JSON: there is a line before it, and version 8 wraps the key in "credentials".
function Save-Key([string]$Name) {
    $lines = @()
    foreach ($line in @(& cf service-key $instance $Name)) {
        if (($lines.Count -gt 0 -and $line.Trim()) -or $line.StartsWith('{')) { $lines += $line }
    }
    $last = $lines.Count - 1
    if ($last -gt 3 -and $lines[1] -match '^\s*"credentials":\s*\{\s*$' -and $lines[$last - 1] -match '^\s*\}\s*$') {
        $lines = @('{') + $lines[2..($last - 2)] + @('}')
    }
    if (@($lines -match 'clientid').Count -eq 0) {
        Stop-Here "The key $Name could not be read. You have to be Space Developer for that."
    }
    [IO.File]::WriteAllText((Get-KeyPath $Name), ($lines -join "`n") + "`n")
    Write-Host "The key is in $Name.json. Look at it with: cpikey @examine@ $Name.json"
    Write-Host 'Then put it into a password store and delete the file. Never send it by mail or chat.'
}
function Get-KeyPath([string]$Name) { return Join-Path (Get-Location -PSProvider FileSystem).ProviderPath "$Name.json" }
function Assert-NoFile([string]$Name) {
    if (Test-Path -LiteralPath (Get-KeyPath $Name)) { Stop-Here "There is a file $Name.json already. Move it away first." }
}

try {
    # Nothing is created in another landscape than the one that is meant.
    if ($endpoints.Count -gt 0) {
        $present = (& cf api 2>$null) -join ' '
        if (@($endpoints | Where-Object { $present.Contains($_) }).Count -eq 0) {
            Stop-Here "cf does not point to $endpoints. Log in there: cf login --sso -a $($endpoints[0])"
        }
    }
    & cf target@target@ | Out-Null
    $targeted = $LASTEXITCODE -eq 0
    & cf services | Out-Null
    if (-not $targeted -or $LASTEXITCODE -ne 0) {
        Stop-Here 'cf is not logged in, or has no such org and space, or you are no member of the space. Log in with: cf login --sso'
    }

