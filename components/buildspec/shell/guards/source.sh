# Work on a private copy of the source, so that files of the client reach neither the source nor a scanner. The copy's
# .git has the data of the original without its settings, so that no hook, fsmonitor, sshCommand, filter or include of
# an uploaded .git/config can run.
guard_source() {
  local git=$CODEBUILD_SRC_DIR/.git part found
  command -v git >/dev/null || fail "git is missing. Choose an image with git."
  if [ ! -d "$git" ] || [ -L "$git" ]; then
    fail "the source has no .git folder. Build the repository itself, not from CodePipeline; an S3 object must hold .git."
  fi
  [ ! -s "$git/shallow" ] || refuse "is shallow"
  # A link may lead to a file of the build, and git quotes what it cannot parse.
  [ -z "$(find "$git"/{HEAD,packed-refs,refs,objects} -type l -print -quit 2>/dev/null)" ] || refuse "has links"
  [ ! -s "$git/objects/info/alternates" ] || refuse "borrows objects (alternates)"
  [ ! -d "$git/reftable" ] || refuse "has a reftable"
  [ "$(setting extensions.objectformat)" != sha256 ] || refuse "has SHA-256 ids"

  mkdir -p "$REPO" tmp
  find "$CODEBUILD_SRC_DIR" -mindepth 1 -maxdepth 1 ! -name .git -exec cp -a -t "$REPO" -- {} +
  # `init` also creates .git/refs, which an S3 folder loses if it is empty because all refs are packed.
  GIT_DEFAULT_HASH=sha1 GIT_DEFAULT_REF_FORMAT=files git init --quiet --template= "$REPO"
  for part in HEAD packed-refs refs objects; do
    [ ! -e "$git/$part" ] || cp -a --remove-destination -t "$REPO/.git" -- "$git/$part"
  done
  if compgen -G "$git/objects/pack/*.promisor" >/dev/null &&
    repo rev-list --objects --missing=print HEAD 2>&1 | grep '^?' >/dev/null; then
    refuse "is partial (--filter)"
  fi
  if ! found=$(commit_of HEAD 2>&1) || ! repo read-tree HEAD 2>/dev/null; then refuse "is damaged or has no commit"; fi
  remember COMMIT "$found"
  name_asset "$(setting remote.origin.url)"
  check_content
}

refuse() { fail "the source's .git $1. Build or upload a full clone of the usual kind (git clone depth 0)."; }

setting() { git config --file "$CODEBUILD_SRC_DIR/.git/config" --get "$1" 2>/dev/null || true; }

# The client names the asset after origin. If that is no URL, it takes the folder's path, which differs in each build.
# In that case, name the asset after CodeBuild's own name for the source.
name_asset() {
  if [[ $1 =~ ^(https?|ssh)://([^/]*@)?([[:graph:]]+/[[:graph:]]+)$ ]]; then
    # Remove a login from the URL, because the copy goes into the scanners' containers.
    repo config remote.origin.url "${BASH_REMATCH[1]}://${BASH_REMATCH[3]}"
  elif [[ $1 =~ ^[^-/@][^/@]*@[^/:]+:[[:graph:]]+$ ]]; then
    repo config remote.origin.url "$1"
  elif [ -z "${CONVISO_ASSET_NAME-}" ]; then
    remember ASSET_NAME "${CODEBUILD_SOURCE_REPO_URL:-${CODEBUILD_BUILD_ID%%:*}}"
  fi
}
