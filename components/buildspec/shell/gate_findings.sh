# client.py compares the findings of SAST with CONVISO_FAIL_ON_SEVERITY and CONVISO_FAIL_ON_COUNT once they are sent.
gate_findings() { remember GATE "${CONVISO_GATE:-open}"; }
