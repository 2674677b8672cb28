# Deploys from tag to tag. The client's tag trackers take an annotated tag's own id for its commit, ignore which tag is
# being built, and never ask for the last deploy. So the pair is chosen here, and client.py gives it to them.

# CodeBuild's clone may hold only what it built. A wrong set of tags is a wrong review: without them there is none.
guard_tags() {
  local try
  for try in 1 2 3; do
    [ "$try" = 1 ] || sleep 2
    ! fetch '+refs/tags/*:refs/tags/*' || break
    [ "$try" != 3 ] ||
      fail "the tags could not be fetched from the repository. Check the login in source.auth and the network."
  done
  [ -n "$(matching_tags)" ] ||
    fail "the repository has no tag that counts, and the review strategy needs one. Push a tag (with tagPrefix, if set)."
}
GUARDS+=" guard_tags"

# "commit tag" of each tag that has the prefix and leads to a commit, however many tag objects are in between.
matching_tags() {
  local names
  names=$(git_here for-each-ref --sort=-version:refname --format='%(refname:strip=2)' refs/tags |
    awk -v prefix="${CONVISO_TAG_PREFIX-}" 'index($0, prefix) == 1')
  [ -n "$names" ] || return 0
  paste -d ' ' \
    <(sed 's|.*|refs/tags/&^{commit}|' <<<"$names" | git_here cat-file --batch-check='%(objectname)') \
    - <<<"$names" | awk 'NF == 2'
}

# The tag that started this build. A plain branch or commit has none.
built_tag() {
  local name=${CODEBUILD_SOURCE_VERSION-}
  case ${CODEBUILD_WEBHOOK_TRIGGER-}:${CODEBUILD_WEBHOOK_HEAD_REF-} in
  tag/*) name=refs/tags/${CODEBUILD_WEBHOOK_TRIGGER#tag/} ;;
  *:refs/tags/*) name=$CODEBUILD_WEBHOOK_HEAD_REF ;;
  esac
  # CodeBuild may add the commit: refs/tags/x^{commit id}.
  name=${name%%^*}
  if [[ $name == refs/tags/* ]]; then
    echo "${name#refs/tags/}"
  elif [ -n "$name" ] && [ "$(commit_of "refs/tags/$name")" = "$HEAD" ]; then
    echo "$name"
  fi
}

# From the tags in order, newest first: the built one, or one on this commit, or the newest; and the next older one
# that is another commit.
deploy_tags() {
  local ordered built current previous
  ordered=$(matching_tags | order_tags)
  built=$(built_tag)
  if [ -n "$built" ]; then
    commit_of "refs/tags/$built" >/dev/null || fail "the tag $built is not in the repository any more."
    current=$(awk -v tag="$built" '$2 == tag' <<<"$ordered")
    if [ -z "$current" ]; then
      skip_deploy "the tag $built is not one that counts (tagPrefix, or no version)"
      return
    fi
  else
    [ -n "$ordered" ] || fail "no tag is a version such as 1.2.3. Push one, or choose the strategy tags-by-time."
    current=$(awk -v head="$HEAD" 'NR == 1 { newest = $0 } $1 == head { on = $0; exit } END { print on ? on : newest }' \
      <<<"$ordered")
  fi
  previous=$(awk -v current="$current" -v commit="${current%% *}" \
    'past && $1 != commit { print; exit } $0 == current { past = 1 }' <<<"$ordered")
  if [ "$(last_deploy)" = "${current%% *}" ]; then
    skip_deploy "the tag ${current#* } is already deployed"
  else
    [ -n "$previous" ] || previous="$EMPTY_TREE "
    choose "${current%% *}" "${current#* }" "${previous%% *}" "${previous#* }"
    export CONVISO_CURRENT_COMMIT CONVISO_CURRENT_TAG CONVISO_PREVIOUS_COMMIT CONVISO_PREVIOUS_TAG
    create_deploy
  fi
}
DEPLOYS+=" deploy_tags"
