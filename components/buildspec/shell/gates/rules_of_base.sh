guard_gate_rules() { need CONVISO_RULES_FILE; }

# The vendor's gate by the rules of the branch as it is now: those in the pull request, or in the commit that it chose to
# start from, would be its author's.
gate_rules() {
  local result=${CONVISO_GATE:-open}
  [[ $(repo ls-tree "$CONVISO_BASE" -- "$CONVISO_RULES_FILE") == 100*' blob '* ]] ||
    fail "scans.rulesFile names no file of $CONVISO_BASE_BRANCH: $CONVISO_RULES_FILE"
  repo cat-file blob "$CONVISO_BASE:$CONVISO_RULES_FILE" >rules.yml
  conviso vulnerability assert-security-rules -r "$REPO" --rules-file rules.yml || {
    result=closed
    say "scans.rulesFile: $(why)"
  }
  remember GATE "$result"
}
