set -euo pipefail +a
cd "$CONVISO_WORK"
REPO=$PWD/source
# The commit that stands for none: a range from here holds everything.
NOTHING=4b825dc642cb6eb9a060e54bf8d69288fbee4904

# The key leaves the environment: git, pip and docker run without it. `conviso` hands it to the client alone.
KEY=${FLOW_API_KEY-}
unset FLOW_API_KEY CONVISO_API_KEY

# git asks nobody, starts no program that a URL names, and shows objects as they are.
export GIT_TERMINAL_PROMPT=0 GIT_ASKPASS=false GIT_ALLOW_PROTOCOL=https GIT_NO_REPLACE_OBJECTS=1

say() { echo "conviso: $*"; }

fail() {
  say "ERROR: $*" >&2
  exit 1
}

# Keep a value for the client, for the later phases (each is a shell of its own) and for what follows the build.
remember() {
  export "CONVISO_$1=$2"
  printf 'export CONVISO_%s=%q\n' "$1" "$2" >>state
}

# git never runs in the source itself, whose .git/config may be anybody's: see source.sh.
repo() { git -C "$REPO" "$@"; }

commit_of() { repo rev-parse --verify --quiet "$1^{commit}"; }

# Run those of the steps that this build has.
each() {
  local step
  for step in "$@"; do
    if declare -F "$step" >/dev/null; then "$step"; fi
  done
}

# Isolated (-I) and without the image's packages (-S). The current folder is private: the client writes its log there.
conviso() { FLOW_API_KEY=$KEY TMPDIR=$PWD/tmp "$CONVISO_PYTHON" -I -S -X utf8 client.py "$@"; }

# The commands that client.py adds to the client's own.
ask() { conviso "$@"; }

touch state
# shellcheck source=/dev/null
. ./state
