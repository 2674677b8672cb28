# Deploy everything since the last deploy.
choose_deploy() {
  local base=''
  last_deploy
  if [ -z "$LAST" ]; then
    say "this is the first deploy, so it holds everything"
  elif ! base=$(find_commit "$LAST"); then
    # Any other base would be a guess, which could leave commits out of the review.
    say "the last deployed commit $LAST is not in the history any more, so this deploy holds everything"
  elif [ "$base" = "$CONVISO_COMMIT" ]; then
    repeat_deploy "$base" ''
    return
  elif contains "$base" "$CONVISO_COMMIT"; then
    no_deploy "${CONVISO_COMMIT:0:12} is already part of what is deployed"
    return
  elif ! contains "$CONVISO_COMMIT" "$base"; then
    # From the merge base, the range holds all that this branch adds, and nothing that the deployed branch adds.
    say "the deployed commit $LAST is not part of this history, so this deploy goes back to where they parted"
    base=$(repo merge-base "$base" "$CONVISO_COMMIT") || base=''
  fi
  # The result is `failed` until the deploy exists.
  versions failed "$CONVISO_COMMIT" '' "$base" ''
}

deploy_command() {
  conviso deploy create -f env_vars with values -r "$REPO" -c "$CONVISO_CURRENT_COMMIT" -p "$CONVISO_PREVIOUS_COMMIT"
}
