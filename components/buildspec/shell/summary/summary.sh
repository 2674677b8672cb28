# The result in a few lines. The buildspec exports the same values; what is off has none.
summary() {
  local name result findings
  say "summary"
  line DEPLOY "${CONVISO_DEPLOY-}" "${CONVISO_DEPLOY_ID-}"
  line '  of' "${CONVISO_CURRENT_COMMIT-}" "${CONVISO_CURRENT_TAG-}"
  line '  since' "${CONVISO_PREVIOUS_COMMIT-}" "${CONVISO_PREVIOUS_TAG-}"
  for name in SAST SCA IAC; do
    result=CONVISO_$name findings=CONVISO_${name}_FINDINGS
    line $name "${!result-}" "${!findings:+${!findings} findings}"
  done
  line '  SAST range' "${CONVISO_SAST_RANGE-}"
  line GATE "${CONVISO_GATE-}"
  line RESULTS "${SENT-}"
  line see "${FLOW_API_URL:-Conviso Platform}" "${FLOW_PROJECT_CODE-} ${CONVISO_ASSET_NAME-}"
}

line() { [ -z "$2" ] || say "  $1 $2 ${3-}"; }
