# Fetch the pull request's base branch, and find the merge base. The project's variables name the repository and the
# branch, because the contributor may control the names in the event and the clone's origin. The clone may hold the pull
# request alone, so the branch is always fetched.
guard_base() {
  local ref=refs/heads/$CONVISO_BASE_BRANCH try found
  [ "${CODEBUILD_WEBHOOK_BASE_REF:-$ref}" = "$ref" ] ||
    fail "the pull request is for $CODEBUILD_WEBHOOK_BASE_REF. This project reviews those for $ref."
  for try in 1 2 3; do
    [ $try = 1 ] || sleep 2
    ! fetch_base "+$ref:refs/conviso/base" || break
    [ $try != 3 ] || fail "the branch $CONVISO_BASE_BRANCH could not be fetched. Check source.auth and the network."
  done
  found=$(commit_of refs/conviso/base)
  remember BASE "$found"
  if ! found=$(repo merge-base "$CONVISO_BASE" "$CONVISO_COMMIT"); then
    say "the pull request has no commit in common with $CONVISO_BASE_BRANCH, so all of it is scanned"
    found=$NOTHING
  fi
  remember MERGE_BASE "$found"
  # Findings belong to the repository's asset, even if the clone comes from a fork.
  repo config remote.origin.url "$CONVISO_BASE_REPOSITORY"
}

fetch_base() { timeout 120 git -C "$REPO" fetch --quiet --no-tags -- "$CONVISO_BASE_REPOSITORY" "$@"; }
