# What a strategy chose: this commit (and tag) since that one.
choose() {
  remember CONVISO_CURRENT_COMMIT "$1"
  remember CONVISO_CURRENT_TAG "$2"
  remember CONVISO_PREVIOUS_COMMIT "$3"
  remember CONVISO_PREVIOUS_TAG "$4"
}

skip_deploy() {
  remember CONVISO_DEPLOY skipped
  say "no new deploy: $1"
}

# The commit of the last deploy, or its tag where the platform has no commit; nothing before the first deploy.
last_deploy() {
  conviso last-deploy ||
    fail "the platform did not tell the last deploy. Check the API key, projectKey and platform.apiUrl."
}

# The client may end without an error and without a deploy, so only the new deploy's id counts.
create_deploy() {
  local answer id
  say "deploying $(since "$CONVISO_CURRENT_COMMIT" "$CONVISO_PREVIOUS_COMMIT")"
  remember CONVISO_DEPLOY failed
  answer=$(deploy_command) || fail "the client could not create the deploy. Its own message is above."
  id=$(sed -n 's/^export FLOW_DEPLOY_ID=\([A-Za-z0-9-]*\)$/\1/p' <<<"$answer")
  [ -n "$id" ] || fail "the client ended without an error, but it created no deploy."
  remember CONVISO_DEPLOY created
  remember CONVISO_DEPLOY_ID "$id"
}

# The client links findings to the deploy that this names.
[ -z "${CONVISO_DEPLOY_ID-}" ] || export FLOW_DEPLOY_ID="$CONVISO_DEPLOY_ID"
