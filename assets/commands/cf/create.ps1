    Assert-NoFile $key
    $create = $true
    if (Test-Instance) {
        if (-not (Test-Ours)) {
            Stop-Here "$instance exists, but is not an instance of the service $service with the plan $plan. Choose another name."
        }
        if (Test-Shows 'create failed') {
            # Cloud Foundry replaces it.
            Write-Host "$instance failed to be created before, and is created again."
        } else {
            $create = $false
        }
    }
    # create-service prints OK for an existing name, and does not change the parameters.
    if (-not $create) {
        Write-Host "$instance already exists. Its roles are set to those of this script; its keys stay valid."
        if (-not (Invoke-Cf @('update-service', $instance, '-c', $parametersFile))) {
            Stop-Here "$instance could not be updated. See the broker's message above."
        }
    } elseif (-not (Invoke-Cf @('create-service', $service, $plan, $instance, '-c', $parametersFile))) {
        Stop-Here "$instance could not be created. If the service or plan was not found, the subaccount lacks the entitlement."
    }
    New-Key $key
    Save-Key $key
