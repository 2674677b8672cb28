# To close findings, the client runs all scans a second time, even those that are not chosen.
IMAGES[ALSO]=${IMAGES[*]}

ast_run() {
  conviso ast run -r "$REPO" -p "$1" -c "$2" --vulnerability-auto-close
}
