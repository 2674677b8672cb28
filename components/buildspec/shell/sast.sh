# An empty range must not reach the client, which would take it for the whole repository.
range_of_sast() {
  if ! sast_range; then
    say "SAST: skipped, because it looks at the range of a deploy and this build made none"
  elif [ "$(git_here rev-parse "$RANGE_START^{tree}")" = "$(git_here rev-parse "$RANGE_END^{tree}")" ]; then
    say "SAST: skipped, because nothing changed in $(since "$RANGE_END" "$RANGE_START")"
  else
    remember CONVISO_SAST_RANGE "$RANGE_START..$RANGE_END"
    return
  fi
  remember CONVISO_SAST skipped
  return 1
}
