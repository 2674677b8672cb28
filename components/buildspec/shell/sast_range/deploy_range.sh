# The range of the deploy that this build made.
sast_range() {
  [ "$CONVISO_DEPLOY" = created ] || return 0
  START=$CONVISO_PREVIOUS_COMMIT END=$CONVISO_CURRENT_COMMIT
}
