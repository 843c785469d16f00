next=@next_key@
has_key "$key" || stop "There is no key $key of $instance. See: cf service-keys $instance"
if has_key "$next"; then
    say "The key $next already exists: the first half has been done."
else
    no_file "$next"
    make_key "$next"
    save_key "$next"
fi

# Both keys work until the old one is deleted.
say ""
say "Now test $next and put it into everything that uses $key. The client id and the secret may both differ."
say "Once everything works with $next, type $key to delete that key. Enter alone keeps it."
read -r answer || answer=
if [ "$answer" = "$key" ]; then
    perform delete-service-key "$instance" "$key" -f || stop "The key $key could not be deleted."
    say "$key was deleted. A client that still uses it loses access when its last token expires."
else
    say "$key is kept. Later: cf delete-service-key $instance $key -f, or run this again."
fi
