# Write down how scans ended, by the exit code of client.py: 3 is "all sent, and the findings close the gate".
settle() {
  local code=$1 result='done' name
  shift
  case $code in
  0) ;;
  3) remember GATE closed ;;
  *)
    result=failed
    missing+=" $*"
    say "ERROR: $* failed or did not run. The client's own message is above." >&2
    [ "$code" != 137 ] || say "It was killed, most likely for want of memory: choose a larger environment.computeType." >&2
    ;;
  esac
  for name in "$@"; do remember "$name" $result; done
}

attempt() {
  local code=0
  say "$1: starting"
  "$2" || code=$?
  settle $code "$1"
}

each_scan() { each scan_sast scan_sca scan_iac; }

# One scan after another, whatever became of the one before: neither findings that close the gate nor a broken scanner
# may keep the next scan from running.
scan() {
  local missing=''
  scans
  [ -z "$missing" ] || fail "a scan is missing:$missing. The rest was ${SENT:-sent}."
  each gate_findings gate_rules
  [ "${CONVISO_GATE-}" != closed ] || fail "the gate is closed. All results were ${SENT:-sent}."
}
