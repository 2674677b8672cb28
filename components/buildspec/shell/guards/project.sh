guard_project() { need FLOW_PROJECT_CODE; }
