# Completion of cpikey for elvish.
use str
set edit:completion:arg-completer[cpikey] = {|@words|
    var index = (- (count $words) 1)
    cpikey complete (to-string $index) -- $@words 2>/dev/null | from-lines | each {|line|
        put [(str:split "\t" $line)][0]
    }
}
