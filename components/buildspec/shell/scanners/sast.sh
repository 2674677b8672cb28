# Choose the range that SAST scans, from START to END. The client must not get an empty range, which it would take for
# the whole repository.
choose_range() {
  START='' END=$CONVISO_COMMIT
  sast_range
  if [ -z "$START" ]; then
    say "SAST: skipped, because there is no new deploy"
  elif [ "$(repo rev-parse "$START^{tree}")" = "$(repo rev-parse "$END^{tree}")" ]; then
    say "SAST: skipped, because nothing changed since $START"
  else
    remember SAST_RANGE "$START..$END"
    return
  fi
  remember SAST skipped
}

SAST() {
  conviso sast run -r "$REPO" --start-commit "${CONVISO_SAST_RANGE%..*}" --end-commit "${CONVISO_SAST_RANGE#*..}"
}
