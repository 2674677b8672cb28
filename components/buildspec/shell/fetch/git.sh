# Fetch refs or commits from the source's origin, with a time limit.
fetch() { timeout 120 git -C "$REPO" fetch --quiet --no-tags -- "$(setting remote.origin.url)" "$@"; }
