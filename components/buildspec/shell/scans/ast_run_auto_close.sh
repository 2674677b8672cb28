# To close findings, the client does all scans a second time, including those that were not chosen.
IMAGES[ALSO]=${IMAGES[*]}

ast_run() {
  conviso ast run -r "$REPO" -p "$1" -c "$2" --vulnerability-auto-close
}
