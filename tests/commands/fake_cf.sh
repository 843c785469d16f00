#!/bin/sh
# Behaves as the cf command line does, as far as the scripts look. What exists is in files in $FAKE_CF:
#   version, api, instance (its state), service, plan, keys/NAME, busy (how often "in progress" is still said), logged-out
cd "$FAKE_CF" || exit 70
printf '%s\n' "$*" >>log
version=$(cat version)
case $1 in
  help) ;;
  create-service | update-service)
    for argument; do case $argument in */parameters.json) cp "$argument" sent-parameters.json ;; esac; done ;;
  create-service-key)
    for argument; do case $argument in */key.json) cp "$argument" sent-key.json ;; esac; done ;;
esac
failed() { echo FAILED; echo "$1" >&2; exit 1; }
[ ! -e logged-out ] || case $1 in help | api) ;; *) failed "Not logged in. Use 'cf login' or 'cf login --sso' to log in." ;; esac
case $version in 6) offering=service ;; *) offering=offering ;; esac

case $1 in
  help)
    echo "NAME:"; echo "   $2 - does what it says"
    [ "$version" = 6 ] || echo "   --wait, -w      Wait for the operation to complete" ;;
  api) echo "API endpoint:   $(cat api)"; echo "API version:    3.180.0" ;;
  target)
    shift
    [ "${2-R&D}" = 'R&D' ] || failed "Organization '$2' not found"
    echo "API endpoint:   $(cat api)" ;;
  services) echo "Getting service instances in org R&D / space dev as me..." ;;
  service)
    [ -e instance ] || failed "Service instance '$2' not found"
    state=$(cat instance)
    left=$(cat busy 2>/dev/null || echo 0)
    if [ "$left" -gt 0 ]; then echo $((left - 1)) >busy; state="${state%% *} in progress"; fi
    echo "Showing info of service $2 in org R&D / space dev as me..."; echo
    echo "name:            $2"
    echo "$offering:        $(cat service)"
    echo "plan:            $(cat plan)"
    echo "description:     Access to runtime: it-rt and api"
    echo; echo "Showing status of last operation:"; echo "   status:    $state" ;;
  create-service)
    # A newer Cloud Foundry replaces an instance whose creation failed.
    [ "$version" = 6 ] || [ "$(cat instance 2>/dev/null)" != "create failed" ] || rm instance
    if [ -e instance ]; then echo OK; echo "Service instance $4 already exists"; exit 0; fi
    [ ! -e broker-refuses ] || { echo "create failed" >instance; echo "$2" >service; echo "$3" >plan; [ "$version" = 6 ] && exit 0; failed "Job failed"; }
    echo "create succeeded" >instance; echo "$2" >service; echo "$3" >plan; echo OK ;;
  update-service) echo "update succeeded" >instance; echo OK ;;
  delete-service)
    if [ "$version" = 6 ]; then [ -z "$(ls keys)" ] || failed "Cannot delete service instance. Service keys must be deleted first"; fi
    rm -f instance keys/*; echo OK ;;
  service-keys) echo "Getting keys for service instance $2 as me..."; echo; echo "name"; ls keys ;;
  create-service-key)
    if [ -e "keys/$3" ]; then echo OK; echo "Service key $3 already exists"; exit 0; fi
    echo "3f1c9a52-0000-4000-8000-0123456789ab" >"keys/$3"; echo OK ;;
  delete-service-key) rm -f "keys/$3"; echo OK ;;
  service-key)
    if [ ! -e "keys/$3" ]; then
      # Version 6 does not call this a failure.
      [ "$version" = 6 ] || failed "No service key '$3' found for service instance '$2'"
      echo "No service key $3 found for service instance $2"; exit 0
    fi
    if [ "${4-}" = --guid ]; then cat "keys/$3"; exit 0; fi
    echo "Getting key $3 for service instance $2 as me..."; echo
    if [ "$version" = 6 ]; then
      printf '{\n "oauth": {\n  "clientid": "sb-%s",\n  "clientsecret": "canary7f3a$=",\n  "url": "https://a"\n }\n}\n' "$3"
    else
      printf '{\n  "credentials": {\n    "oauth": {\n      "clientid": "sb-%s",\n      "clientsecret": "canary7f3a$=",\n      "url": "https://a"\n    }\n  }\n}\n\n' "$3"
    fi ;;
  *) failed "'$1' is not a registered command. See 'cf help -a'" ;;
esac
