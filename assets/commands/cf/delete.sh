exists || stop "There is no instance $instance in this space."
is_ours || stop "$instance is not an instance of the service $service with the plan $plan. Nothing was deleted."
cf service-keys "$instance"

# Since version 7, cf deletes all keys together with the instance, without listing them.
say ""
say "Deleting $instance also deletes every key in this list. This cannot be undone: new keys have new secrets."
say "Type $instance to delete the instance and all of its keys. Enter alone keeps them."
read -r answer || answer=
[ "$answer" = "$instance" ] || stop "Nothing was deleted."
if has_key "$key"; then
    perform delete-service-key "$instance" "$key" -f || stop "The key $key could not be deleted."
fi
perform delete-service "$instance" -f ||
    stop "$instance could not be deleted. cf version 6 refuses while there are keys: delete each with cf delete-service-key."
say "$instance and its keys were deleted. Remove them from everything that used them, and from the password manager."
