    Assert-NoFile $key
    $create = $true
    if (Test-Instance) {
        if (-not (Test-Ours)) {
            Stop-Here "$instance exists, but is not of the service $service with the plan $plan. Choose another name."
        }
        if (Test-Shows 'create failed') {
            # Cloud Foundry puts the new one in its place.
            Write-Host "$instance could not be created before, and is created again."
        } else {
            $create = $false
        }
    }
    # create-service prints OK for a name that exists, and does not change its parameters.
    if (-not $create) {
        Write-Host "$instance exists already. Its roles are set to those of this script; its keys stay valid."
        if (-not (Invoke-Cf @('update-service', $instance, '-c', $parametersFile))) {
            Stop-Here "$instance could not be updated. The message of the broker is above."
        }
    } elseif (-not (Invoke-Cf @('create-service', $service, $plan, $instance, '-c', $parametersFile))) {
        Stop-Here "$instance could not be created. If service or plan was not found, the subaccount lacks the entitlement."
    }
    New-Key $key
    Save-Key $key
