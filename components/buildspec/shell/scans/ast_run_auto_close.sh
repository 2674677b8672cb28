# To close findings, the client scans everything a second time, whatever was chosen.
IMAGES[ALSO]=${IMAGES[*]}

ast_run() {
  conviso ast run -r "$REPO" -p "$1" -c "$2" --vulnerability-auto-close
}
