#compdef cpikey
# Completion of cpikey for zsh.
_cpikey() {
    local line value
    local -a others directories
    for line in "${(@f)$(cpikey complete $((CURRENT - 1)) -- "${(@Q)words[1,CURRENT]}" 2>/dev/null)}"; do
        [[ -n $line ]] || continue
        value=${${line%%$'\t'*}//:/\\:}
        if [[ $value == */ ]]; then
            directories+=("${value%/}")
        elif [[ $line == *$'\t'* ]]; then
            others+=("$value:${line#*$'\t'}")
        else
            others+=("$value")
        fi
    done
    (( $#directories )) && _describe -V 'directory' directories -S / -r '/'
    (( $#others )) && _describe -V 'value' others
}
if [[ ${funcstack[1]} == _cpikey ]]; then
    _cpikey "$@"
else
    compdef _cpikey cpikey
fi
