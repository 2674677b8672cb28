# Fetch the branch that the pull request is for, and find the commit where the two parted. The project names the
# repository and the branch, because the contributor may control the event's names and the clone's origin. The branch is
# always fetched, since the clone may contain nothing but the pull request.
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
  # Findings belong to the asset of this repository, even if the clone came from a fork.
  repo config remote.origin.url "$CONVISO_BASE_REPOSITORY"
}

fetch_base() { timeout 120 git -C "$REPO" fetch --quiet --no-tags -- "$CONVISO_BASE_REPOSITORY" "$@"; }
