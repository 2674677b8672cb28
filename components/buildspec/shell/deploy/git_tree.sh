# Everything since the last deploy.
deploy() {
  local last base
  last=$(last_deploy)
  if [ -z "$last" ]; then
    say "this is the first deploy, so it holds everything"
    base=''
  elif ! base=$(find_commit "$last"); then
    # Any other base is a guess that could leave commits out of the review.
    say "the last deployed commit $last is not in the history any more, so this deploy holds everything"
    base=''
  elif repo merge-base --is-ancestor "$CONVISO_COMMIT" "$base"; then
    no_deploy "${CONVISO_COMMIT:0:12} is already part of what is deployed"
    return
  elif ! repo merge-base --is-ancestor "$base" "$CONVISO_COMMIT"; then
    # All that this branch has and the deployed one had not; not what the deployed one had besides.
    say "the deployed commit $last is not part of this history, so this deploy goes back to where they parted"
    base=$(repo merge-base "$base" "$CONVISO_COMMIT") || base=''
  fi
  create_deploy "$CONVISO_COMMIT" '' "$base" ''
}

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
  conviso deploy create -f env_vars with values -r "$REPO" -c "$CONVISO_CURRENT_COMMIT" -p "$CONVISO_PREVIOUS_COMMIT"
}
