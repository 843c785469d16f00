no_file "$key"
create=yes
if exists; then
    is_ours || stop "$instance exists, but is not of the service $service with the plan $plan. Choose another name."
    if shows 'create failed'; then
        # Cloud Foundry puts the new one in its place.
        say "$instance could not be created before, and is created again."
    else
        create=no
    fi
fi
# create-service prints OK for a name that exists, and does not change its parameters.
if [ "$create" = no ]; then
    say "$instance exists already. Its roles are set to those of this script; its keys stay valid."
    perform update-service "$instance" -c "$folder/parameters.json" ||
        stop "$instance could not be updated. The message of the broker is above."
else
    perform create-service "$service" "$plan" "$instance" -c "$folder/parameters.json" ||
        stop "$instance could not be created. If service or plan was not found, the subaccount lacks the entitlement."
fi
make_key "$key"
save_key "$key"
