set -euo pipefail +a
cd "$CONVISO_WORK"
REPO=$PWD/source
# The commit that stands for none: a range from here holds everything.
NOTHING=4b825dc642cb6eb9a060e54bf8d69288fbee4904

# The key leaves the environment: git, pip and docker run without it. `conviso` hands it to the client alone.
KEY=${FLOW_API_KEY-}
unset FLOW_API_KEY CONVISO_API_KEY

# git works on the build's copy, whatever the image's variables say. It asks nobody, starts no program that a URL names,
# and shows objects as they are.
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_COMMON_DIR GIT_OBJECT_DIRECTORY
export GIT_TERMINAL_PROMPT=0 GIT_ASKPASS=false GIT_ALLOW_PROTOCOL=https GIT_NO_REPLACE_OBJECTS=1 GIT_LFS_SKIP_SMUDGE=1

say() { echo "conviso: $*"; }

fail() {
  say "ERROR: $*" >&2
  exit 1
}

# Variables of the project. The text may be run from a repository, in a project that was not made for it.
need() {
  local name
  for name in "$@"; do
    [ -n "${!name-}" ] || fail "$name is missing. Run this text in the project that the stack made for it."
  done
}

# Keep a value for the client, for the later phases (each is a shell of its own) and for what follows the build.
remember() {
  export "CONVISO_$1=$2"
  printf 'export CONVISO_%s=%q\n' "$1" "$2" >>state
}

# From here on, time counts for this step: see the summary.
mark() { printf '%s %(%s)T\n' "$1" -1 >>steps; }

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

# Try a command three times. Its exit code 2 says that another try would not help.
thrice() {
  local try
  for try in 1 2 3; do
    [ $try = 1 ] || sleep 5
    "$@" && return
    [ $? != 2 ] || break
  done
  return 1
}

# Isolated (-I) and without the image's packages (-S). The current folder is private: the client writes its log there.
conviso() {
  rm -f why
  FLOW_API_KEY=$KEY TMPDIR=$PWD/tmp "$CONVISO_PYTHON" -I -S -X utf8 client.py "$@"
}

# Why it failed, in one line. Only who was killed cannot tell.
why() { cat why 2>/dev/null || echo "killed, most likely for want of memory: choose a larger environment.computeType"; }

touch state
# shellcheck source=/dev/null
. ./state
