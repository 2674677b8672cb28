# What the pull request adds to the branch.
sast_range() { START=$CONVISO_MERGE_BASE; }
