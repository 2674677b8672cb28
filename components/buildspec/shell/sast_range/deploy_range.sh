# The range of the deploy that this build makes, or of the last deploy if that is of this commit.
sast_range() {
  [ "$CONVISO_DEPLOY" != skipped ] || return 0
  START=$CONVISO_PREVIOUS_COMMIT END=$CONVISO_CURRENT_COMMIT
}
