# Write down how scans ended, by the exit code of client.py: 3 is "all sent, and the findings close the gate".
settle() {
  local code=$1 name
  shift
  for name in "$@"; do
    case $code in
    0 | 3) remember "CONVISO_$name" done ;;
    *) remember "CONVISO_$name" failed ;;
    esac
  done
  case $code in
  0) ;;
  3) remember CONVISO_GATE closed ;;
  137) say "ERROR: $* was killed, most likely for want of memory. Choose a larger environment.computeType." >&2 ;;
  *) say "ERROR: $* failed or did not run, so results are missing. The client's own message is above." >&2 ;;
  esac
}

attempt() {
  local name=$1 code=0
  shift
  say "$name: starting"
  "$@" || code=$?
  settle "$code" "$name"
}

# One scan after another, whatever became of the one before: findings that close the gate must not keep the next scan
# from running, nor a scanner that broke.
scan() {
  local step
  for step in $SCANS; do "$step"; done
  case " ${CONVISO_SAST-} ${CONVISO_SCA-} ${CONVISO_IAC-} " in
  *' failed '*) fail "a scan is missing, so the build fails and no further gate is asked." ;;
  esac
  for step in $GATES; do "$step"; done
  [ "${CONVISO_GATE-}" != closed ] || fail "the gate is closed. All results were sent to the platform."
}
