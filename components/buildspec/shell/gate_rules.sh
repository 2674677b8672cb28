# The vendor's gate reads a file of the repository: a link there must not lead to a file of the build, whose content
# the client would print.
gate_rules() {
  local file
  file=$(realpath -e -- "$REPO/$CONVISO_RULES_FILE") && [ -f "$file" ] && [[ $file == "$(realpath "$REPO")"/* ]] ||
    fail "scans.rulesFile names no file of the repository: $CONVISO_RULES_FILE"
  if conviso vulnerability assert-security-rules -r "$REPO" --rules-file "$file"; then
    remember CONVISO_GATE "${CONVISO_GATE:-open}"
  else
    say "ERROR: the security rules are broken, or the platform could not be asked." >&2
    remember CONVISO_GATE closed
  fi
}
GATES+=" gate_rules"
