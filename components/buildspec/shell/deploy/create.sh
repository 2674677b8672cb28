no_deploy() {
  remember DEPLOY skipped
  say "no new deploy: $1"
}

# Set the last deploy's number, its commit (or tag, if the platform has no commit) and its previous commit. All are
# empty before the first deploy.
last_deploy() {
  local told
  told=$(conviso last-deploy) || fail "$(why)"
  read -r ID LAST SINCE <<<"$told"
}

# A deployed commit may be on another branch or, after a force push, on none. Hosts still serve those for a while.
find_commit() {
  local name=$1
  [[ $name =~ ^[0-9a-f]{7,64}$ ]] || name=refs/tags/$name
  commit_of "$name" && return
  fetch '+refs/heads/*:refs/remotes/origin/*' '+refs/tags/*:refs/tags/*' || true
  commit_of "$name" && return
  fetch "$name" 2>/dev/null && commit_of "$name"
}

contains() { repo merge-base --is-ancestor "$2" "$1" 2>/dev/null; }

# Remember the deploy's commit and tag, and the commit and tag that it starts from.
versions() {
  remember DEPLOY "$1"
  remember CURRENT_COMMIT "$2"
  remember CURRENT_TAG "$3"
  remember PREVIOUS_COMMIT "${4:-$NOTHING}"
  remember PREVIOUS_TAG "$5"
}

# The last deploy is of this commit, so another one would be empty. But the build that made it may have failed
# afterwards, so its range is scanned again, and its gate is judged again.
repeat_deploy() {
  local since=$SINCE
  say "no new deploy: ${1:0:12} is the last one, whose range is scanned again"
  if [ "$since" != $NOTHING ] && { [ "$since" = - ] || ! since=$(find_commit "$since"); }; then
    say "where its range begins is unknown, so everything is scanned"
    since=$NOTHING
  fi
  versions repeated "$1" "$2" "$since" ''
  remember DEPLOY_ID "${ID#-}"
}

# The client may succeed without creating a deploy, so only the ID of a new deploy counts. The findings of the scans are
# linked to it.
deploy() {
  local answer id
  [ "$CONVISO_DEPLOY" = failed ] || return 0
  mark deploy
  say "deploying $CONVISO_CURRENT_TAG $CONVISO_CURRENT_COMMIT since $CONVISO_PREVIOUS_TAG $CONVISO_PREVIOUS_COMMIT"
  answer=$(deploy_command) || fail "no deploy was created: $(why)"
  id=$(sed -n 's/^export FLOW_DEPLOY_ID=\([1-9][0-9]*\)$/\1/p' <<<"$answer")
  [ -n "$id" ] || fail "no deploy was created: the platform's answer has no deploy number"
  remember DEPLOY created
  remember DEPLOY_ID "$id"
}
