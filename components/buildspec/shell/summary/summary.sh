# Print the result in a few lines. The buildspec exports the same values, which are empty for what is off.
summary() {
  local name result findings page=${FLOW_API_URL:-https://app.convisoappsec.com}
  mark end
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
  line seconds "$(awk 'step { printf "%s %d%s", step, $2 - since, $1 == "end" ? "" : ", " } { step = $1; since = $2 }' steps)"
  page=${page/'//api.'/'//app.'}
  line see "${page%/}/${CONVISO_PAGE-}" "${FLOW_PROJECT_CODE-} ${CONVISO_ASSET_NAME-}"
}

line() { [ -z "$2" ] || say "  $1 $2 ${3-}"; }
