# Deploys from tag to tag. The client's tag trackers take an annotated tag's own id for its commit, ignore which tag is
# being built, and never ask for the last deploy. So the pair is chosen here, and client.py gives it to them.

# CodeBuild's clone may hold only what it built. A wrong set of tags is a wrong review: without them there is none.
guard_tags() {
  thrice fetch '+refs/tags/*:refs/tags/*' || fail "the tags could not be fetched. Check source.auth and the network."
  find_tags
  [ -s tags ] || fail "no tag of this history counts, and the strategy needs one. Push a tag (with tagPrefix, if set)."
}

# "commit tag" of each tag that has the prefix and leads to a commit of this history, however many tag objects are in
# between. A tag elsewhere is another line's business.
find_tags() {
  repo for-each-ref --merged="$CONVISO_COMMIT" --sort=-version:refname \
    --format='%(objectname)^{commit} %(refname:strip=2)' refs/tags |
    repo cat-file --batch-check='%(objectname) %(rest)' |
    awk -v p="${CONVISO_TAG_PREFIX-}" '$1 !~ /\^/ && substr($2, 1, length(p)) == p' >tags
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
choose_deploy() {
  local ordered current previous base='' older='' built
  built=$(built_tag)
  ordered=$(order_tags <tags)
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
    no_deploy "the tag $built does not count (tagPrefix, no version, or moved since)"
    return
  fi
  if [ "${current% *}" != "$CONVISO_COMMIT" ]; then
    # What is scanned is what is deployed.
    say "${CONVISO_COMMIT:0:12} has no tag that counts, so this build is of ${current#* }"
    older=yes
    remember COMMIT "${current% *}"
    repo checkout --quiet --force --detach "$CONVISO_COMMIT"
    repo clean --quiet -ffdx
    check_content
    find_tags
    ordered=$(grep -Fxf tags <<<"$ordered")
  fi
  last_deploy
  [ -z "$LAST" ] || base=$(find_commit "$LAST") || base=''
  if [ "$base" = "$CONVISO_COMMIT" ]; then
    repeat_deploy "$base" "${current#* }"
    return
  fi
  # A tag from before the last deploy's range may have lost a race against it, and then it is in no deploy yet.
  if [ -n "$base" ] && contains "$base" "$CONVISO_COMMIT" && { [ $older ] || ! contains "$SINCE" "$CONVISO_COMMIT"; }; then
    no_deploy "the tag ${current#* } is already part of what is deployed"
    return
  fi
  previous=$(awk -v current="$current" -v commit="${current% *}" \
    'past && $1"" != commit { print; exit } $0 == current { past = 1 }' <<<"$ordered")
  versions failed "${current% *}" "${current#* }" "${previous% *}" "${previous#* }"
}
