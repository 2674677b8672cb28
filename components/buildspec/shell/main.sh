run() {
  local step
  for step in $1; do "$step"; done
}

case $1 in
guards) run "$GUARDS" ;;
install) install ;;
deploy) run "$DEPLOYS" ;;
scan) scan ;;
summary) summary ;;
esac
