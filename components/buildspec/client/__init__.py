"""Files that the build writes beside its script and runs with the pinned client; this program never imports them."""
