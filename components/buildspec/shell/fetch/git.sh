# Fetch refs or commits from where the source came from, bounded in time.
fetch() { timeout 120 git -C "$REPO" fetch --quiet --no-tags -- "$(setting remote.origin.url)" "$@"; }
