ast_run() { conviso ast run -r "$REPO" -c "$RANGE_END" -p "$RANGE_START" --vulnerability-auto-close; }
