exists || stop "There is no instance $instance in this space. The script for creating it does more than this one."
is_ours || stop "$instance is not of the service $service with the plan $plan. Nothing was changed."
# The list replaces the previous one: a role that is not in it is removed.
perform update-service "$instance" -c "$folder/parameters.json" ||
    stop "$instance could not be updated. The message of the broker is above."
say "Updated. Keys stay valid. A token that was issued before keeps its roles; a new one has the new roles within an hour."
