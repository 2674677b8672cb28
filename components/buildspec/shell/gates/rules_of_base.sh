guard_gate_rules() { need CONVISO_RULES_FILE; }

# The vendor's gate uses the rules at the tip of the base branch. The author of a pull request controls the rules in it,
# and chooses the commit that it starts from.
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
