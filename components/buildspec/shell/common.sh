# Each file registers its steps in these lists; main.sh runs those of one phase.
GUARDS='' DEPLOYS='' SCANS='' GATES=''

set -euo pipefail +a
umask 077
cd "$CONVISO_WORK"
REPO=$CONVISO_WORK/source
STATE=$CONVISO_WORK/state
# What git and the client call "no commit": a range from here holds everything.
EMPTY_TREE=4b825dc642cb6eb9a060e54bf8d69288fbee4904

# The key leaves the environment: git, pip and docker run without it. `conviso` hands it to the client alone.
KEY=${FLOW_API_KEY-}
unset FLOW_API_KEY CONVISO_API_KEY

# git asks nobody, waits for nobody, starts no program that a URL names, and shows objects as they are.
export GIT_TERMINAL_PROMPT=0 GIT_ASKPASS=false GIT_ALLOW_PROTOCOL=https:file GIT_NO_REPLACE_OBJECTS=1
export GIT_HTTP_LOW_SPEED_LIMIT=1 GIT_HTTP_LOW_SPEED_TIME=30

say() { printf 'conviso: %s\n' "$*"; }

fail() {
  printf 'conviso: ERROR: %s\n' "$*" >&2
  exit 1
}

# Keep a value for the later phases, each of which is a shell of its own.
remember() {
  printf -v "$1" %s "$2"
  printf '%s=%q\n' "$1" "$2" >>"$STATE"
}

git_here() { git -C "$REPO" "$@"; }

commit_of() { git_here rev-parse --verify --quiet "$1^{commit}"; }

# A commit, or two, for people.
short() { echo "${1:0:12}"; }

since() {
  if [ "$2" = "$EMPTY_TREE" ]; then echo "$(short "$1") from the beginning"; else echo "$(short "$1") since $(short "$2")"; fi
}

conviso() {
  (
    cd "$CONVISO_WORK/run"
    FLOW_API_KEY=$KEY TMPDIR=$CONVISO_WORK/tmp exec "$PYTHON" -I -S -X utf8 "$CONVISO_WORK/client.py" "$@"
  )
}

touch "$STATE"
# shellcheck source=/dev/null
. "$STATE"
