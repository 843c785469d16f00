# Completion of cpikey for bash.
_cpikey() {
    local line value start=0 index=0 position
    local words=()
    # Bash also splits words at "=".
    for ((position = 0; position <= COMP_CWORD; position++)); do
        if ((position > 0)) && [[ ${COMP_WORDS[position]} == = || ${COMP_WORDS[position - 1]} == = ]] && ((start)); then
            words[index]+=${COMP_WORDS[position]}
        else
            ((position > 0)) && index=${#words[@]}
            words[index]=${COMP_WORDS[position]}
            [[ ${words[index]} == --* ]] && start=1 || start=0
        fi
    done
    # Without the escapes that were typed.
    words[index]=${words[index]//\\/}
    COMPREPLY=()
    while IFS= read -r line; do
        value=${line%%$'\t'*}
        # Only what comes after "=" is replaced.
        [[ ${words[index]} == --*=* ]] && value=${value#*=}
        printf -v value '%q' "$value"
        COMPREPLY+=("$value")
    done < <(cpikey complete "$index" -- "${words[@]}" 2>/dev/null)
    if [[ ${COMPREPLY-} == */ || ${COMPREPLY-} == *= ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -o bashdefault -o nosort -F _cpikey cpikey 2>/dev/null || complete -o bashdefault -F _cpikey cpikey
