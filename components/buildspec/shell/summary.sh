# The result in a few lines; the buildspec exports the same values.
summary() {
  local where=${FLOW_API_URL:-Conviso Platform}
  say "summary"
  result deploy "${CONVISO_DEPLOY-}" "$(deploy_of_this_build)"
  result SAST "${CONVISO_SAST-}" "$(findings "${CONVISO_SAST_FINDINGS-}") ${CONVISO_SAST_RANGE-}"
  result SCA "${CONVISO_SCA-}" "$(findings "${CONVISO_SCA_FINDINGS-}")"
  result IaC "${CONVISO_IAC-}" "$(findings "${CONVISO_IAC_FINDINGS-}")"
  result gate "${CONVISO_GATE-}" ""
  say "  see $where${FLOW_PROJECT_CODE:+, project $FLOW_PROJECT_CODE}${CONVISO_ASSET_NAME:+, asset $CONVISO_ASSET_NAME}"
  sed -n 's/^CONVISO_/export &/p' "$STATE" >"$CONVISO_WORK/exports"
}

result() { say "$(printf '  %-7s%-8s%s' "$1" "${2:-off}" "$3")"; }

findings() { [ -z "$1" ] || printf '%s finding(s)' "$1"; }

deploy_of_this_build() {
  [ "${CONVISO_DEPLOY-}" != created ] || printf '%s %s, id %s' "$CONVISO_CURRENT_TAG" \
    "$(since "$CONVISO_CURRENT_COMMIT" "$CONVISO_PREVIOUS_COMMIT")" "$CONVISO_DEPLOY_ID"
}
