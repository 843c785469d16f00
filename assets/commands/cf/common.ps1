# @title@
# Save it as a file and run it: powershell -ExecutionPolicy Bypass -File FILE.ps1 (or pwsh instead of powershell).
# It needs the cf command line, version 6 or later, and contains no secret.
$ErrorActionPreference = 'Continue'

$service = @service@
$plan = @plan@
$instance = @instance@
$key = @key@
$endpoints = @(@endpoints@)

function Stop-Here([string]$Text) { throw $Text }

# Up to version 7.2, PowerShell drops double quotes in arguments of programs.
function Get-Argument([string]$Text) {
    if ($PSVersionTable.PSVersion -ge [version]'7.3') { return $Text }
    $Text = $Text -replace '(\\*)"', '$1$1\"'
    if ($Text -match '\s') { $Text = $Text -replace '(\\+)$', '$1$1' }
    return $Text
}

if (-not (Get-Command cf -CommandType Application -ErrorAction SilentlyContinue)) {
    Stop-Here 'cf is not on the PATH. Install the Cloud Foundry CLI first.'
}

# Parameters are passed in a file, because every shell treats quotes differently.
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

# cf's labels differ between versions and languages, but the values do not.
function Get-Look {
    $text = & cf service $instance 2>$null
    if ($LASTEXITCODE -eq 0) { $text }
}
function Test-Instance { return @(Get-Look).Count -gt 0 }
function Test-Shows([string]$Pattern) { return @(@(Get-Look) -match (':\s+' + $Pattern + '\s*$')).Count -gt 0 }
function Test-Ours { return (Test-Shows $service) -and (Test-Shows $plan) }

# Older versions of cf have no --wait, and return while the broker is still working.
function Invoke-Cf([string[]]$Words) {
    if (@(@(& cf help $Words[0]) -match '--wait').Count -gt 0) { $Words += '--wait' }
    & cf @Words | Out-Host
    if ($LASTEXITCODE -ne 0) { return $false }
    $tries = 0
    while (Test-Shows '[a-z]+ in progress') {
        $tries++
        if ($tries -gt 180) { Stop-Here "This has taken half an hour. Check it with: cf service $instance" }
        Start-Sleep -Seconds 10
    }
    return -not (($Words[0] -like '*-service') -and (Test-Shows '[a-z]+ failed'))
}

# Version 6 succeeds even for a key that does not exist, so check the GUID.
function Test-Key([string]$Name) {
    return @(@(& cf service-key $instance $Name --guid 2>$null) -match '^[0-9A-Fa-f]{8}-').Count -gt 0
}
function New-Key([string]$Name) {
    if (Test-Key $Name) {
        Write-Host "The key $Name already exists and is not changed."
    } elseif (-not (Invoke-Cf @('create-service-key', $instance, $Name, '-c', $keyFile))) {
        Stop-Here "The key $Name could not be created. See the broker's message above."
    }
}

# cf does not print plain JSON: there is a line before it, and version 8 wraps the key in "credentials".
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
        Stop-Here "The key $Name could not be read. That requires the role Space Developer."
    }
    [IO.File]::WriteAllText((Get-KeyPath $Name), ($lines -join "`n") + "`n")
    Write-Host "The key is in $Name.json. Look at it with: cpikey @examine@ $Name.json"
    Write-Host 'Then put it into a password manager and delete the file. Never send it by email or chat.'
}
function Get-KeyPath([string]$Name) { return Join-Path (Get-Location -PSProvider FileSystem).ProviderPath "$Name.json" }
function Assert-NoFile([string]$Name) {
    if (Test-Path -LiteralPath (Get-KeyPath $Name)) { Stop-Here "The file $Name.json already exists. Move it away first." }
}

try {
    # Never create anything in the wrong landscape.
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
        Stop-Here 'cf is not logged in, or has no such org and space, or you are not a member of the space. Log in with: cf login --sso'
    }

