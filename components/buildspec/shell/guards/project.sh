guard_project() {
  [ -n "${FLOW_PROJECT_CODE-}" ] ||
    fail "FLOW_PROJECT_CODE is missing or empty. Set projectKey to the Conviso project's key."
}
