exists || stop "There is no instance $instance in this space. Use the script that creates it."
is_ours || stop "$instance is not an instance of the service $service with the plan $plan. Nothing was changed."
# The list replaces the previous one: a role that is not in it is removed.
perform update-service "$instance" -c "$folder/parameters.json" ||
    stop "$instance could not be updated. See the broker's message above."
say "Updated. Keys stay valid. Existing tokens keep their roles; new tokens have the new roles within an hour."
