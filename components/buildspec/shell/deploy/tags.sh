# Deploys from tag to tag. The client's tag trackers take an annotated tag's own id for its commit, ignore which tag is
# being built, and never ask for the last deploy. So this file chooses the pair, and client.py passes it to them.

# CodeBuild's clone may lack tags. The build fails without all of them, because a wrong set means a wrong review.
guard_tags() {
  thrice fetch '+refs/tags/*:refs/tags/*' || fail "the tags could not be fetched. Check source.auth and the network."
  find_tags
  [ -s tags ] || fail "no tag of this history counts, and the strategy needs one. Push a tag (with tagPrefix, if set)."
}

# Write "commit tag" for each tag that has the prefix and leads to a commit of this history, through any number of tag
# objects. Tags outside of this history belong to other lines of development.
find_tags() {
  repo for-each-ref --merged="$CONVISO_COMMIT" --sort=-version:refname \
    --format='%(objectname)^{commit} %(refname:strip=2)' refs/tags |
    repo cat-file --batch-check='%(objectname) %(rest)' |
    awk -v p="${CONVISO_TAG_PREFIX-}" '$1 !~ /\^/ && substr($2, 1, length(p)) == p' >tags
}

# Print the tag that started this build, if any. CodeBuild may append the commit: refs/tags/x^{commit id}.
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

# Choose two tags from the list, which is ordered from the newest. The current one is the built tag, a tag on this
# commit, or the newest; the previous one is the next older tag on another commit. The `""` makes awk compare text,
# because the tags 1.1 and 1.10 are equal as numbers.
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
    # The build scans the commit that it deploys.
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
  # If the next tag's build was faster, this tag lies before the last deploy's range, and is in no deploy yet.
  if [ -n "$base" ] && contains "$base" "$CONVISO_COMMIT" && { [ $older ] || ! contains "$SINCE" "$CONVISO_COMMIT"; }; then
    no_deploy "the tag ${current#* } is already part of what is deployed"
    return
  fi
  previous=$(awk -v current="$current" -v commit="${current% *}" \
    'past && $1"" != commit { print; exit } $0 == current { past = 1 }' <<<"$ordered")
  versions failed "${current% *}" "${current#* }" "${previous% *}" "${previous#* }"
}
