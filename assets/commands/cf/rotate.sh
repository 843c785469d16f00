next=@next_key@
has_key "$key" || stop "There is no key $key of $instance. See: cf service-keys $instance"
if has_key "$next"; then
    say "The key $next exists already: the first half was done before."
else
    no_file "$next"
    make_key "$next"
    save_key "$next"
fi

# Both keys work until the old one is deleted.
say ""
say "Now test $next and put it into everything that uses $key. Client id and secret may both differ."
say "When all of it works with $next, type $key to delete that key. Enter alone keeps it."
read -r answer || answer=
if [ "$answer" = "$key" ]; then
    perform delete-service-key "$instance" "$key" -f || stop "The key $key could not be deleted."
    say "$key is deleted. A client that still uses it is locked out once the last token has expired."
else
    say "$key is kept. Later: cf delete-service-key $instance $key -f, or run this again."
fi
