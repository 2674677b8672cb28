# Work on a private copy of the source: what the client leaves behind reaches neither the source nor a scanner, and the
# copy's .git holds the data of the original without its settings. Hooks, fsmonitor, sshCommand, filters and includes
# of an uploaded .git/config have no way to run.
guard_source() {
  local from=$CODEBUILD_SRC_DIR git=$CODEBUILD_SRC_DIR/.git part found
  command -v git >/dev/null || fail "git is missing. Choose an image with git."
  if [ ! -d "$git" ] || [ -L "$git" ]; then
    fail "the source has no .git folder. Build the repository itself, not from CodePipeline; an S3 object must hold .git."
  fi
  [ ! -s "$git/shallow" ] ||
    fail "the clone is shallow. Set git clone depth 0 (full); an S3 object must hold a full clone."

  mkdir -p "$REPO" tmp
  find "$from" -mindepth 1 -maxdepth 1 ! -name .git -exec cp -a -t "$REPO" -- {} +
  # `init` also makes the empty .git/refs, which an S3 folder loses when all refs are packed.
  GIT_DEFAULT_HASH=sha1 GIT_DEFAULT_REF_FORMAT=files git init --quiet --template= "$REPO"
  for part in HEAD packed-refs refs objects index; do
    [ ! -e "$git/$part" ] || cp -a --remove-destination -t "$REPO/.git" -- "$git/$part"
  done
  found=$(commit_of HEAD) || fail "git cannot read the source's commit. Clone or upload it again."
  remember COMMIT "$found"
  name_asset "$(origin)"
}

origin() { git config --file "$CODEBUILD_SRC_DIR/.git/config" --get remote.origin.url || true; }

# The client names the asset after origin. Where that is no URL it would take the folder's path, which is another one
# in each build: name the asset after CodeBuild's own name for the source.
name_asset() {
  if [[ $1 =~ ^(https?|ssh)://([^/]*@)?([[:graph:]]+/[[:graph:]]+)$ ]]; then
    # Without a login that may stand in it: the copy goes into the scanners' containers.
    repo config remote.origin.url "${BASH_REMATCH[1]}://${BASH_REMATCH[3]}"
  elif [[ $1 =~ ^[^-/@][^/@]*@[^/:]+:[[:graph:]]+$ ]]; then
    repo config remote.origin.url "$1"
  elif [ -z "${CONVISO_ASSET_NAME-}" ]; then
    remember ASSET_NAME "${CODEBUILD_SOURCE_REPO_URL:-${CODEBUILD_BUILD_ID%%:*}}"
  fi
}
