# Work on a private copy of the source, so that files which the client leaves behind reach neither the source nor a
# scanner. The copy's .git has the data of the original without its settings: the hooks, fsmonitor, sshCommand, filters
# and includes of an uploaded .git/config cannot run.
guard_source() {
  local git=$CODEBUILD_SRC_DIR/.git part found
  command -v git >/dev/null || fail "git is missing. Choose an image with git."
  if [ ! -d "$git" ] || [ -L "$git" ]; then
    fail "the source has no .git folder. Build the repository itself, not from CodePipeline; an S3 object must hold .git."
  fi
  [ ! -s "$git/shallow" ] || refuse "is shallow"
  # A link could lead to a file of the build, and git would print in an error what it cannot parse.
  [ -z "$(find "$git"/{HEAD,packed-refs,refs,objects} -type l -print -quit 2>/dev/null)" ] || refuse "has links"
  [ ! -s "$git/objects/info/alternates" ] || refuse "borrows objects (alternates)"
  [ ! -d "$git/reftable" ] || refuse "has a reftable"
  [ "$(setting extensions.objectformat)" != sha256 ] || refuse "has SHA-256 ids"

  mkdir -p "$REPO" tmp
  find "$CODEBUILD_SRC_DIR" -mindepth 1 -maxdepth 1 ! -name .git -exec cp -a -t "$REPO" -- {} +
  # `init` also makes .git/refs, which a folder in S3 lacks when all refs are packed.
  GIT_DEFAULT_HASH=sha1 GIT_DEFAULT_REF_FORMAT=files git init --quiet --template= "$REPO"
  # An archive may replace commits by others, which would hide them from git here and in the scanners' containers.
  repo config core.useReplaceRefs false
  for part in HEAD packed-refs refs objects; do
    [ ! -e "$git/$part" ] || cp -a --remove-destination -t "$REPO/.git" -- "$git/$part"
  done
  if compgen -G "$git/objects/pack/*.promisor" >/dev/null &&
    repo rev-list --objects --missing=print HEAD 2>&1 | grep '^?' >/dev/null; then
    refuse "is partial (--filter)"
  fi
  { found=$(commit_of HEAD) && repo read-tree HEAD; } 2>/dev/null || refuse "is damaged or has no commit"
  remember COMMIT "$found"
  name_asset "$(setting remote.origin.url)"
  check_content
}

refuse() { fail "the source's .git $1. Build or upload a full clone of the usual kind (git clone depth 0)."; }

setting() { git config --file "$CODEBUILD_SRC_DIR/.git/config" --get "$1" 2>/dev/null || true; }

# The client names the asset after the origin. If that is not a URL, it would use the folder's path, which differs in
# each build, so the asset gets CodeBuild's name of the source.
name_asset() {
  if [[ $1 =~ ^(https?|ssh)://([^/]*@)?([[:graph:]]+/[[:graph:]]+)$ ]]; then
    # The URL may contain a login, which must not reach the scanners' containers with the copy.
    repo config remote.origin.url "${BASH_REMATCH[1]}://${BASH_REMATCH[3]}"
  elif [[ $1 =~ ^[^-/@][^/@]*@[^/:]+:[[:graph:]]+$ ]]; then
    repo config remote.origin.url "$1"
  elif [ -z "${CONVISO_ASSET_NAME-}" ]; then
    remember ASSET_NAME "${CODEBUILD_SOURCE_REPO_URL:-${CODEBUILD_BUILD_ID%%:*}}"
  fi
}
