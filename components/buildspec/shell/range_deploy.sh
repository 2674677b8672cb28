# The range of the deploy that this build made.
sast_range() {
  [ "${CONVISO_DEPLOY-}" = created ] || return 1
  RANGE_START=$CONVISO_PREVIOUS_COMMIT RANGE_END=$CONVISO_CURRENT_COMMIT
}
