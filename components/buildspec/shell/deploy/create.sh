no_deploy() {
  remember DEPLOY skipped
  say "no new deploy: $1"
}

# Read the last deploy's number, commit (or tag, if the platform has no commit) and previous commit. Before the first
# deploy, all three are empty.
last_deploy() {
  local told
  told=$(conviso last-deploy) || fail "$(why)"
  read -r ID LAST SINCE <<<"$told"
}

# A deployed commit may be on another branch or, after a force push, on none. Hosts serve such a commit for a while.
find_commit() {
  local name=$1
  [[ $name =~ ^[0-9a-f]{7,64}$ ]] || name=refs/tags/$name
  commit_of "$name" && return
  fetch '+refs/heads/*:refs/remotes/origin/*' '+refs/tags/*:refs/tags/*' || true
  commit_of "$name" && return
  fetch "$name" 2>/dev/null && commit_of "$name"
}

contains() { repo merge-base --is-ancestor "$2" "$1" 2>/dev/null; }

# Remember the versions of a deploy: its commit and tag, and the previous commit and tag.
versions() {
  remember DEPLOY "$1"
  remember CURRENT_COMMIT "$2"
  remember CURRENT_TAG "$3"
  remember PREVIOUS_COMMIT "${4:-$NOTHING}"
  remember PREVIOUS_TAG "$5"
}

# The last deploy is of this commit, so a second one would be empty. The build that made it may have failed afterwards,
# so this build scans its range and judges its gate again.
repeat_deploy() {
  local since=$SINCE
  say "no new deploy: ${1:0:12} is the last one, whose range is scanned again"
  if [ "$since" != $NOTHING ] && { [ "$since" = - ] || ! since=$(find_commit "$since"); }; then
    say "the platform or the history does not know since when that is, so everything is scanned"
    since=$NOTHING
  fi
  versions repeated "$1" "$2" "$since" ''
  remember DEPLOY_ID "${ID#-}"
}

# The client can succeed without making a deploy, so only the new deploy's id proves it. The findings of the scans are
# linked to it.
deploy() {
  local answer id
  [ "$CONVISO_DEPLOY" = failed ] || return 0
  mark deploy
  say "deploying $CONVISO_CURRENT_TAG $CONVISO_CURRENT_COMMIT since $CONVISO_PREVIOUS_TAG $CONVISO_PREVIOUS_COMMIT"
  answer=$(deploy_command) || fail "no deploy was created: $(why)"
  id=$(sed -n 's/^export FLOW_DEPLOY_ID=\([1-9][0-9]*\)$/\1/p' <<<"$answer")
  [ -n "$id" ] || fail "no deploy was created: the platform's answer has no number of one"
  remember DEPLOY created
  remember DEPLOY_ID "$id"
}
