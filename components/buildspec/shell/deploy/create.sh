no_deploy() {
  remember DEPLOY skipped
  say "no new deploy: $1"
}

# The commit of the last deploy, or its tag where the platform has no commit; nothing before the first deploy.
last_deploy() {
  ask last-deploy || fail "the platform did not tell the last deploy. Check the API key, projectKey and platform.apiUrl."
}

# Deploy a commit and its tag since another commit and tag. The client may end without an error and without a deploy,
# so only the new deploy's id counts; the findings of the scans are linked to it.
create_deploy() {
  local answer id
  remember DEPLOY failed
  remember CURRENT_COMMIT "$1"
  remember CURRENT_TAG "$2"
  remember PREVIOUS_COMMIT "${3:-$NOTHING}"
  remember PREVIOUS_TAG "$4"
  say "deploying $2 $1 since $4 $CONVISO_PREVIOUS_COMMIT"
  answer=$(deploy_command) || answer=''
  id=$(sed -n 's/^export FLOW_DEPLOY_ID=\([A-Za-z0-9-]*\)$/\1/p' <<<"$answer")
  [ -n "$id" ] || fail "no deploy was created. The client's own message, if any, is above."
  remember DEPLOY created
  remember DEPLOY_ID "$id"
}
