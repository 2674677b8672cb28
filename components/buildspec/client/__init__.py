"""The Python files of the build, which run beside its script with the pinned client; the program never imports them."""
