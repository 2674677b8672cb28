ast_run() {
  conviso ast run -r "$REPO" -c "$END" -p "$START" --vulnerability-auto-close
}
