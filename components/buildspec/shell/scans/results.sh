# The scans that this build does, as words.
wanted() {
  local name found=''
  for name in sast sca iac; do
    if declare -F $name >/dev/null && [ "$name ${CONVISO_SAST-}" != 'sast skipped' ]; then found+=" ${name^^}"; fi
  done
  echo "$found"
}

# Run scans one after another, whatever became of the one before: neither findings that close the gate nor a broken
# scanner may keep the next scan from running. Exit code 1: the platform or Docker was the reason.
one_by_one() {
  local name code
  for name in "$@"; do
    mark "$name"
    say "$name: starting"
    code=0
    "${name,,}" || code=$?
    if [ $code = 1 ]; then
      say "$name: once more, because of this: $(why)"
      sleep 10
      "${name,,}" || true
    fi
    settle "$name"
  done
}

# client.py remembers the scans that were done.
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
