# The changes against the first parent: everything that a merge brought in, or all files in a repository's first commit.
sast_range() { START=$(commit_of "$CONVISO_COMMIT^1") || START=$NOTHING; }
