# The changes since the first parent: for a merge, all that it brings in; for the only commit, everything.
sast_range() { START=$(commit_of "$CONVISO_COMMIT^1") || START=$NOTHING; }
