set -euo pipefail +a
cd "$CONVISO_WORK"
REPO=$PWD/source
# The empty tree stands for no commit. A range that starts here contains everything.
NOTHING=4b825dc642cb6eb9a060e54bf8d69288fbee4904

# Remove the key from the environment, so that git, pip and docker run without it. Only `conviso` passes it to the
# client.
KEY=${FLOW_API_KEY-}
unset FLOW_API_KEY CONVISO_API_KEY

# Keep variables of the image from pointing git elsewhere. git does not prompt, and uses no transport but https.
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_COMMON_DIR GIT_OBJECT_DIRECTORY
export GIT_TERMINAL_PROMPT=0 GIT_ASKPASS=false GIT_ALLOW_PROTOCOL=https GIT_LFS_SKIP_SMUDGE=1

say() { echo "conviso: $*"; }

fail() {
  say "ERROR: $*" >&2
  exit 1
}

# Fail if a variable of the project is missing. A buildspec in a repository may run in a project that does not have it.
need() {
  local name
  for name in "$@"; do
    [ -n "${!name-}" ] || fail "$name is missing. Run this text in the project that the stack made for it."
  done
}

# Keep a value for the client, for later phases, which are separate shells, and for the exported variables.
remember() {
  export "CONVISO_$1=$2"
  printf 'export CONVISO_%s=%q\n' "$1" "$2" >>state
}

# Start the time of a step, which the summary reports.
mark() { printf '%s %(%s)T\n' "$1" -1 >>steps; }

# git never runs in the source itself, because its .git/config cannot be trusted: see source.sh.
repo() { git -C "$REPO" "$@"; }

commit_of() { repo rev-parse --verify --quiet "$1^{commit}"; }

# Run the steps that are part of this build.
each() {
  local step
  for step in "$@"; do
    if declare -F "$step" >/dev/null; then "$step"; fi
  done
}

# Try a command up to three times, unless its exit code is 2: another try would not help.
thrice() {
  local try
  for try in 1 2 3; do
    [ $try = 1 ] || sleep 5
    "$@" && return
    [ $? != 2 ] || break
  done
  return 1
}

# Python is isolated (-I) and ignores the image's packages (-S). The client writes its log into the current folder.
conviso() {
  rm -f why
  FLOW_API_KEY=$KEY TMPDIR=$PWD/tmp "$CONVISO_PYTHON" -I -S -X utf8 client.py "$@"
}

# Print the reason of a failure in one line. Only a client that was killed, or that could not write, leaves none.
why() { grep . why 2>/dev/null || echo "killed, most likely out of memory or disk: choose a larger environment.computeType"; }

# A scan counts as done only because of this build's state. Whoever starts a build may pass on the exported variables of
# another one.
unset CONVISO_{SAST,SCA,IAC}
touch state
# shellcheck source=/dev/null
. ./state
