    if (-not (Test-Instance)) {
        Stop-Here "There is no instance $instance in this space. Use the script that creates it."
    }
    if (-not (Test-Ours)) {
        Stop-Here "$instance is not an instance of the service $service with the plan $plan. Nothing was changed."
    }
    # The list replaces the previous one: a role that is not in it is removed.
    if (-not (Invoke-Cf @('update-service', $instance, '-c', $parametersFile))) {
        Stop-Here "$instance could not be updated. See the broker's message above."
    }
    Write-Host 'Updated. Keys stay valid. Existing tokens keep their roles; new tokens have the new roles within an hour.'
