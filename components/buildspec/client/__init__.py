"""Files that the build writes beside its script and runs with the pinned client: never imported by this program."""
