key=@key@
cat >"$folder/key.json" <<'JSON'
@key_parameters@
JSON

# Version 6 succeeds even for a key that does not exist, so check the GUID.
has_key() { cf service-key "$instance" "$1" --guid 2>/dev/null | grep -Eq '^[0-9A-Fa-f]{8}-'; }
make_key() {
    if has_key "$1"; then
        say "The key $1 already exists and is not changed."
    else
        perform create-service-key "$instance" "$1" -c "$folder/key.json" ||
            stop "The key $1 could not be created. See the broker's message above."
    fi
}

# cf does not print plain JSON: there is a line before it, and version 8 wraps the key in "credentials".
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
    grep -q clientid "$folder/new.json" || stop "The key $1 could not be read. That requires the role Space Developer."
    # noclobber: never overwrite a saved key.
    (set -C && cat "$folder/new.json" >"$1.json") || stop "The key could not be saved as $1.json."
    say "The key is in $1.json, which only you can read. Look at it with: cpikey @examine@ $1.json"
    say "Then put it into a password manager and delete the file. Never send it by email or chat."
}
no_file() {
    [ -e "$1.json" ] || return 0
    stop "The file $1.json already exists. Move it away first."
}

