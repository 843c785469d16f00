#!/bin/sh
# @title@
# Save it as a file and run it: sh FILE. It needs the cf command line, version 6 or later, and contains no secret.
set -eu

service=@service@
plan=@plan@
instance=@instance@
endpoints=@endpoints@

say() { printf '%s\n' "$*"; }
stop() {
    printf '%s\n' "$*" >&2
    exit 1
}

command -v cf >/dev/null || stop "cf is not on the PATH. Install the Cloud Foundry CLI first."

# Parameters are passed in a file, because every shell treats quotes differently.
umask 077
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cat >"$folder/parameters.json" <<'JSON'
@parameters@
JSON

# Never create anything in the wrong landscape.
if [ -n "$endpoints" ]; then
    meant=no
    present=$(cf api || true)
    for endpoint in $endpoints; do
        case $present in *"$endpoint"*) meant=yes ;; esac
    done
    [ "$meant" = yes ] || stop "cf does not point to $endpoints. Log in there: cf login --sso -a ${endpoints%% *}"
fi
lost="cf is not logged in, or has no such org and space, or you are not a member of the space. Log in with: cf login --sso"
cf target@target@ || stop "$lost"
cf services >/dev/null || stop "$lost"

# cf's labels differ between versions and languages, but the values do not.
look() { cf service "$instance" 2>/dev/null || true; }
exists() { cf service "$instance" >/dev/null 2>&1; }
shows() { look | grep -Eq ":[[:space:]]+$1[[:space:]]*\$"; }
is_ours() {
    shows "$service" || return 1
    shows "$plan"
}

# Older versions of cf have no --wait, and return while the broker is still working.
settle() {
    tries=0
    while shows '[a-z]+ in progress'; do
        tries=$((tries + 1))
        [ "$tries" -le 180 ] || stop "This has taken half an hour. Check it with: cf service $instance"
        sleep 10
    done
}
perform() {
    command=$1
    if cf help "$command" | grep -q -e --wait; then set -- "$@" --wait; fi
    cf "$@" || return 1
    settle
    case $command in *-service) if shows '[a-z]+ failed'; then return 1; fi ;; esac
}

