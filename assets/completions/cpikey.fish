# Completion of cpikey for fish.
complete --keep-order --exclusive --command cpikey --arguments "(cpikey complete (count (commandline --current-process --tokenize --cut-at-cursor)) -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token --cut-at-cursor) 2>/dev/null)"
