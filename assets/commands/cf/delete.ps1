    if (-not (Test-Instance)) { Stop-Here "There is no instance $instance in this space." }
    if (-not (Test-Ours)) {
        Stop-Here "$instance is not an instance of the service $service with the plan $plan. Nothing was deleted."
    }
    & cf service-keys $instance | Out-Host

    # Since version 7, cf deletes all keys together with the instance, without listing them.
    Write-Host ''
    Write-Host "Deleting $instance also deletes every key in this list. This cannot be undone: new keys have new secrets."
    $answer = Read-Host "Type $instance to delete the instance and all of its keys. Enter alone keeps them"
    if ($answer -cne $instance) { Stop-Here 'Nothing was deleted.' }
    if ((Test-Key $key) -and -not (Invoke-Cf @('delete-service-key', $instance, $key, '-f'))) {
        Stop-Here "The key $key could not be deleted."
    }
    if (-not (Invoke-Cf @('delete-service', $instance, '-f'))) {
        Stop-Here "$instance could not be deleted. cf version 6 refuses while there are keys: delete each with cf delete-service-key."
    }
    Write-Host "$instance and its keys were deleted. Remove them from everything that used them, and from the password manager."
