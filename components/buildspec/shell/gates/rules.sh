guard_gate_rules() { need CONVISO_RULES_FILE; }

# The vendor's gate reads a file of the repository. A link must not lead to a file of the build, because the client
# would print its content.
gate_rules() {
  local file result=${CONVISO_GATE:-open}
  file=$(realpath -e -- "$REPO/$CONVISO_RULES_FILE" 2>&1) || file=''
  if [ ! -f "$file" ] || [[ $file != "$(realpath "$REPO")"/* ]]; then
    fail "scans.rulesFile names no file of the repository: $CONVISO_RULES_FILE"
  fi
  conviso vulnerability assert-security-rules -r "$REPO" --rules-file "$file" || {
    result=closed
    say "scans.rulesFile: $(why)"
  }
  remember GATE "$result"
}
