ast_run() {
  conviso ast run -r "$REPO" -p "$1" -c "$2"
}
