no_file "$key"
create=yes
if exists; then
    is_ours || stop "$instance exists, but is not an instance of the service $service with the plan $plan. Choose another name."
    if shows 'create failed'; then
        # Cloud Foundry replaces it.
        say "$instance failed to be created before, and is created again."
    else
        create=no
    fi
fi
# create-service prints OK for an existing name, and does not change the parameters.
if [ "$create" = no ]; then
    say "$instance already exists. Its roles are set to those of this script; its keys stay valid."
    perform update-service "$instance" -c "$folder/parameters.json" ||
        stop "$instance could not be updated. See the broker's message above."
else
    perform create-service "$service" "$plan" "$instance" -c "$folder/parameters.json" ||
        stop "$instance could not be created. If the service or plan was not found, the subaccount lacks the entitlement."
fi
make_key "$key"
save_key "$key"
