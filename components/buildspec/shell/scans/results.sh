# Print the names of the scans that this build does.
wanted() {
  local name found=''
  for name in SAST SCA IAC; do
    if declare -F $name >/dev/null && [ "$name ${CONVISO_SAST-}" != 'SAST skipped' ]; then found+=" $name"; fi
  done
  echo "$found"
}

# Run scans one after another. Neither findings that close the gate nor a scanner that fails may keep the next scan from
# running. Exit code 1 means that the platform or Docker failed, so the scan is tried once more.
one_by_one() {
  local name code
  for name in "$@"; do
    mark "$name"
    say "$name: starting"
    code=0
    "$name" || code=$?
    if [ $code = 1 ]; then
      say "$name: once more, because of this: $(why)"
      sleep 10
      "$name" || true
    fi
    settle "$name"
  done
}

# Mark a scan as failed unless client.py has recorded that it was done.
settle() {
  local result=CONVISO_$1
  # shellcheck source=/dev/null
  . ./state
  [ "${!result-}" != 'done' ] || return 0
  remember "$1" failed
  missing+=" $1 ($(why))"
}

scan() {
  local missing=''
  scans
  [ -z "$missing" ] || fail "a scan is missing:$missing. The rest was ${SENT:-sent}."
}

gate() {
  mark gate
  each gate_findings gate_rules
  [ "${CONVISO_GATE-}" != closed ] || fail "the gate is closed. All results were ${SENT:-sent}."
}
