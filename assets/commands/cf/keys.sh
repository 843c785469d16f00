key=@key@
cat >"$folder/key.json" <<'JSON'
@key_parameters@
JSON

# Version 6 succeeds for a key that does not exist, so the id is what counts.
has_key() { cf service-key "$instance" "$1" --guid 2>/dev/null | grep -Eq '^[0-9A-Fa-f]{8}-'; }
make_key() {
    if has_key "$1"; then
        say "The key $1 exists already and stays as it is."
    else
        perform create-service-key "$instance" "$1" -c "$folder/key.json" ||
            stop "The key $1 could not be created. The message of the broker is above."
    fi
}

# What cf prints is not yet JSON: there is a line before it, and version 8 wraps the key in "credentials".
save_key() {
    cf service-key "$instance" "$1" | awk '
        /^[{]/ { inside = 1 }
        inside && NF { line[++count] = $0 }
        END {
            first = 1
            last = count
            if (count > 4 && line[2] ~ /^ *"credentials": *[{] *$/ &&
                line[count - 1] ~ /^ *[}] *$/) {
                print "{"
                first = 3
                last = count - 2
            }
            for (i = first; i <= last; i++) print line[i]
            if (first == 3) print "}"
        }' >"$folder/new.json"
    grep -q clientid "$folder/new.json" || stop "The key $1 could not be read. You have to be Space Developer for that."
    # noclobber: a key that was saved before is not overwritten.
    (set -C && cat "$folder/new.json" >"$1.json") || stop "The key could not be saved as $1.json."
    say "The key is in $1.json, which only you can read. Look at it with: cpikey @examine@ $1.json"
    say "Then put it into a password store and delete the file. Never send it by mail or chat."
}
no_file() {
    [ -e "$1.json" ] || return 0
    stop "There is a file $1.json already. Move it away first."
}

