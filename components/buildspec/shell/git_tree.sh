# Everything since the last deploy.
deploy_git_tree() {
  local last base
  last=$(last_deploy)
  if [ -z "$last" ]; then
    say "this is the first deploy: it holds everything"
    base=$EMPTY_TREE
  elif ! base=$(find_commit "$last"); then
    # Any other base is a guess that could leave commits out of the review.
    say "the last deployed commit $last is not in the history any more: this deploy holds everything"
    base=$EMPTY_TREE
  elif [ "$base" = "$HEAD" ]; then
    skip_deploy "$(short "$HEAD") is already deployed"
    return
  elif git_here merge-base --is-ancestor "$HEAD" "$base"; then
    skip_deploy "$(short "$base"), which is deployed, already contains $(short "$HEAD")"
    return
  elif ! git_here merge-base --is-ancestor "$base" "$HEAD"; then
    # All that this branch has and the deployed one had not; not what the deployed one had besides.
    say "the deployed commit $(short "$base") is not part of this history: going back to where they parted"
    base=$(git_here merge-base "$base" "$HEAD") || base=$EMPTY_TREE
  fi
  choose "$HEAD" "" "$base" ""
  create_deploy
}
DEPLOYS+=" deploy_git_tree"

# A deployed commit may be on another branch, or on none since a force push: hosts give those out for a while.
find_commit() {
  local name=$1
  [[ $name =~ ^[0-9a-f]{7,64}$ ]] || name=refs/tags/$name
  commit_of "$name" && return
  fetch '+refs/heads/*:refs/remotes/origin/*' '+refs/tags/*:refs/tags/*' || true
  commit_of "$name" && return
  fetch "$name" 2>/dev/null && commit_of "$name"
}

deploy_command() {
  conviso deploy create -f env_vars with values -r "$REPO" \
    -c "$CONVISO_CURRENT_COMMIT" -p "$CONVISO_PREVIOUS_COMMIT"
}
