    $next = @next_key@
    if (-not (Test-Key $key)) { Stop-Here "There is no key $key of $instance. See: cf service-keys $instance" }
    if (Test-Key $next) {
        Write-Host "The key $next already exists: the first half has been done."
    } else {
        Assert-NoFile $next
        New-Key $next
        Save-Key $next
    }

    # Both keys work until the old one is deleted.
    Write-Host ''
    Write-Host "Now test $next and put it into everything that uses $key. The client id and the secret may both differ."
    $answer = Read-Host "Once everything works with $next, type $key to delete that key. Enter alone keeps it"
    if ($answer -ceq $key) {
        if (-not (Invoke-Cf @('delete-service-key', $instance, $key, '-f'))) { Stop-Here "The key $key could not be deleted." }
        Write-Host "$key was deleted. A client that still uses it loses access when its last token expires."
    } else {
        Write-Host "$key is kept. Later: cf delete-service-key $instance $key -f, or run this again."
    }
