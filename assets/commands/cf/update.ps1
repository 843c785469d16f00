    if (-not (Test-Instance)) {
        Stop-Here "There is no instance $instance in this space. The script for creating it does more than this one."
    }
    if (-not (Test-Ours)) {
        Stop-Here "$instance is not of the service $service with the plan $plan. Nothing was changed."
    }
    # The list replaces the previous one: a role that is not in it is removed.
    if (-not (Invoke-Cf @('update-service', $instance, '-c', $parametersFile))) {
        Stop-Here "$instance could not be updated. The message of the broker is above."
    }
    Write-Host 'Updated. Keys stay valid. A token that was issued before keeps its roles; a new one has the new roles within an hour.'
