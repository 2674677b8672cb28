# Print the names of the scans that this build runs.
wanted() {
  local name found=''
  for name in sast sca iac; do
    if declare -F $name >/dev/null && [ "$name ${CONVISO_SAST-}" != 'sast skipped' ]; then found+=" ${name^^}"; fi
  done
  echo "$found"
}

# Run scans one after another, whatever the results: neither a closed gate nor a broken scanner may keep the next scan
# from running. With exit code 1, the platform or Docker caused the failure, so the scan runs once more.
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

# Record a scan as failed unless client.py has recorded it as done.
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
