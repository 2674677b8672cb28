guard_gate_findings() { need CONVISO_FAIL_ON_SEVERITY CONVISO_FAIL_ON_COUNT; }

# client.py compares the findings of SAST with these limits after it has sent them. Without a scan, the gate is neither
# open nor closed.
gate_findings() {
  [ "$CONVISO_SAST" != skipped ] || remember GATE skipped
  remember GATE "${CONVISO_GATE:-open}"
}
