# Deploys from tag to tag. The client's tag trackers take an annotated tag's own id for its commit, ignore which tag is
# being built, and never ask for the last deploy. So the pair is chosen here, and client.py gives it to them.

# CodeBuild's clone may hold only what it built. A wrong set of tags is a wrong review: without them there is none.
guard_tags() {
  local try
  for try in 1 2 3; do
    [ $try = 1 ] || sleep 2
    ! fetch '+refs/tags/*:refs/tags/*' || break
    [ $try != 3 ] || fail "the tags could not be fetched. Check source.auth and the network."
  done
  [ -n "$(matching_tags)" ] || fail "no tag counts, and the strategy needs one. Push a tag (with tagPrefix, if set)."
}

# "commit tag" of each tag that has the prefix and leads to a commit, however many tag objects are in between.
matching_tags() {
  repo for-each-ref --sort=-version:refname --format='%(refname)^{commit} %(refname:strip=2)' refs/tags |
    repo cat-file --batch-check='%(objectname) %(rest)' |
    awk -v p="${CONVISO_TAG_PREFIX-}" '$1 !~ /\^/ && substr($2, 1, length(p)) == p'
}

# The tag that started this build; a branch or commit has none. CodeBuild may add the commit: refs/tags/x^{commit id}.
built_tag() {
  local name=${CODEBUILD_SOURCE_VERSION-}
  case ${CODEBUILD_WEBHOOK_TRIGGER-}:${CODEBUILD_WEBHOOK_HEAD_REF-} in
  tag/*) name=refs/tags/${CODEBUILD_WEBHOOK_TRIGGER#tag/} ;;
  *:refs/tags/*) name=$CODEBUILD_WEBHOOK_HEAD_REF ;;
  esac
  name=${name%%^*}
  if [[ $name == refs/tags/* ]]; then
    echo "${name#refs/tags/}"
  elif [ "$(commit_of "refs/tags/$name")" = "$CONVISO_COMMIT" ]; then
    echo "$name"
  fi
}

# From the tags in order, newest first: the built one, or one on this commit, or the newest; and then the next older
# one on another commit. The `""` makes awk compare as text: as numbers, the tags 1.1 and 1.10 would be one.
deploy() {
  local ordered built current previous last
  ordered=$(matching_tags | order_tags)
  built=$(built_tag)
  if [ -n "$built" ]; then
    commit_of "refs/tags/$built" >/dev/null || fail "the tag $built is not in the repository any more."
    current=$(awk -v tag="$built" '$2"" == tag' <<<"$ordered")
  else
    [ -n "$ordered" ] || fail "no tag is a version such as 1.2.3. Push one, or choose tags-by-time."
    current=$(awk -v on="$CONVISO_COMMIT" '$1"" == on' <<<"$ordered")
    current=${current:-$ordered}
    current=${current%%$'\n'*}
  fi
  if [ -z "$current" ]; then
    no_deploy "the tag $built does not count (tagPrefix, or it is no version)"
    return
  fi
  last=$(last_deploy)
  if [[ " $current " == *" $last "* ]]; then
    no_deploy "the tag ${current#* } is already deployed"
    return
  fi
  previous=$(awk -v current="$current" -v commit="${current% *}" \
    'past && $1"" != commit { print; exit } $0 == current { past = 1 }' <<<"$ordered")
  create_deploy "${current% *}" "${current#* }" "${previous% *}" "${previous#* }"
}
