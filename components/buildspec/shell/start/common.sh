set -euo pipefail +a
cd "$CONVISO_WORK"
REPO=$PWD/source
# The id of git's empty tree: a range that starts here holds everything.
NOTHING=4b825dc642cb6eb9a060e54bf8d69288fbee4904

# Remove the key from the environment, so that git, pip and docker run without it. Only the client gets it.
KEY=${FLOW_API_KEY-}
unset FLOW_API_KEY CONVISO_API_KEY

# git works on the build's copy, whatever the image's variables say. It never prompts, runs no program that a URL names,
# and ignores replacement objects.
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_COMMON_DIR GIT_OBJECT_DIRECTORY
export GIT_TERMINAL_PROMPT=0 GIT_ASKPASS=false GIT_ALLOW_PROTOCOL=https GIT_NO_REPLACE_OBJECTS=1 GIT_LFS_SKIP_SMUDGE=1

say() { echo "conviso: $*"; }

fail() {
  say "ERROR: $*" >&2
  exit 1
}

# Require variables of the project, because a buildspec in a repository may run in a project that was not made for it.
need() {
  local name
  for name in "$@"; do
    [ -n "${!name-}" ] || fail "$name is missing. Run this text in the project that the stack made for it."
  done
}

# Keep a value for the client, for later phases (each runs in a shell of its own), and for the exported variables.
remember() {
  export "CONVISO_$1=$2"
  printf 'export CONVISO_%s=%q\n' "$1" "$2" >>state
}

# Start the time of a step for the summary.
mark() { printf '%s %(%s)T\n' "$1" -1 >>steps; }

# git never runs in the source itself, because its .git/config is not trusted: see source.sh.
repo() { git -C "$REPO" "$@"; }

commit_of() { repo rev-parse --verify --quiet "$1^{commit}"; }

# Run each of the steps that this build has.
each() {
  local step
  for step in "$@"; do
    if declare -F "$step" >/dev/null; then "$step"; fi
  done
}

# Try a command up to three times. Exit code 2 means that another try would not help.
thrice() {
  local try
  for try in 1 2 3; do
    [ $try = 1 ] || sleep 5
    "$@" && return
    [ $? != 2 ] || break
  done
  return 1
}

# Run the client isolated (-I) and without the image's packages (-S). The current
# folder, to which it writes its log, is private.
conviso() {
  rm -f why
  FLOW_API_KEY=$KEY TMPDIR=$PWD/tmp "$CONVISO_PYTHON" -I -S -X utf8 client.py "$@"
}

# Print why the client failed, in one line. Only a killed client leaves no reason.
why() { cat why 2>/dev/null || echo "killed, most likely out of memory: choose a larger environment.computeType"; }

touch state
# shellcheck source=/dev/null
. ./state
