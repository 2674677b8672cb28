# Warn about files that are not in the source, because no scanner sees them. An empty source would pass every scan.
check_content() {
  local of=(find "$REPO" -path "$REPO/.git" -prune -o)
  [ -n "$("${of[@]}" ! -type d -print -quit)" ] || fail "the source has no files. Build or upload more than .git."
  warn "tracked files are not in the source (sparse checkout?)" repo ls-files -dz
  warn "submodules were not fetched (source.submodules)" missing_submodules
  warn "files are pointers to Git LFS" "${of[@]}" -type f -size 1 -exec grep -lFZ https://git-lfs.github.com/spec/ {} +
}

# Print a warning with the number of names that a command prints, each ended by a zero byte.
warn() {
  local what=$1 number
  shift
  number=$("$@" | tr -cd '\0' | wc -c) || true
  [ "$number" = 0 ] || say "WARNING: $number $what, so no scanner sees them"
}

missing_submodules() {
  local kind path
  repo ls-files -sz | while IFS=$'\t' read -r -d '' kind path; do
    [[ $kind != 160000* ]] || [ -n "$(ls -A "$REPO/$path" 2>&1)" ] || printf '%s\0' "$path"
  done
}
