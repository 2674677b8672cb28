# What HEAD changed against its first parent: for a merge, all that it brought in; for the only commit, everything.
sast_range() {
  RANGE_START=$(commit_of 'HEAD^1') || RANGE_START=$EMPTY_TREE
  RANGE_END=$HEAD
}
