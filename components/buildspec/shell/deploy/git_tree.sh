# Deploy everything since the last deploy.
choose_deploy() {
  local base=''
  last_deploy
  if [ -z "$LAST" ]; then
    say "this is the first deploy, so it covers everything"
  elif ! base=$(find_commit "$LAST"); then
    # Any other base would be a guess, and could leave commits out of the review.
    say "the last deployed commit $LAST is not in the history any more, so this deploy covers everything"
  elif [ "$base" = "$CONVISO_COMMIT" ]; then
    repeat_deploy "$base" ''
    return
  elif contains "$base" "$CONVISO_COMMIT"; then
    no_deploy "${CONVISO_COMMIT:0:12} is already part of what is deployed"
    return
  elif ! contains "$CONVISO_COMMIT" "$base"; then
    # The deploy holds what this branch has and the deployed commit lacks, but not the reverse.
    say "the deployed commit $LAST is not part of this history, so this deploy goes back to where they parted"
    base=$(repo merge-base "$base" "$CONVISO_COMMIT") || base=''
  fi
  # This is the deploy's state until it is created.
  versions failed "$CONVISO_COMMIT" '' "$base" ''
}

deploy_command() {
  conviso deploy create -f env_vars with values -r "$REPO" -c "$CONVISO_CURRENT_COMMIT" -p "$CONVISO_PREVIOUS_COMMIT"
}
