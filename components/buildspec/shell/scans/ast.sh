declare -A IMAGES=([SAST]=sastbox_v2:unstable [SCA]=osv_scanner:latest [IAC]=iac_scanner_checkov:unstable)

# conviso-ast runs all scans in one command, from which client.py removes those that are not chosen. With exit code 4,
# the command did nothing, because the platform knows this commit already. Whether its earlier scans succeeded is
# unknown, so they run here one by one.
scans() {
  local chosen code=0 name result range=${CONVISO_SAST_RANGE:-$NOTHING..$CONVISO_COMMIT}
  chosen=$(wanted)
  [ -n "$chosen" ] || return 0
  mark AST
  say "AST: starting$chosen"
  CONVISO_SCANS=$chosen ast_run "${range%..*}" "${range#*..}" || code=$?
  # shellcheck source=/dev/null
  . ./state
  case $code in
  4) say "AST: the platform knows ${CONVISO_COMMIT:0:12} already, so the scans run one at a time" ;;
  1) say "AST: what is missing runs once more, one at a time, because of this: $(why)" ;;
  0) ;;
  *) missing+=" AST ($(why))" ;;
  esac
  for name in $chosen; do
    result=CONVISO_$name
    if [ "${!result-}" = 'done' ]; then continue; fi
    case $code in 1 | 4) one_by_one "$name" ;; *) remember "$name" failed ;; esac
  done
}
