# Work on a private copy of the source: what the client leaves behind reaches neither the source nor a scanner, and the
# copy's .git holds the data of the original without its settings. Hooks, fsmonitor, sshCommand, filters and includes
# of an uploaded .git/config have no way to run, since git is never started in the source.
guard_source() {
  local from=${CODEBUILD_SRC_DIR-} git=${CODEBUILD_SRC_DIR-}/.git part head
  command -v git >/dev/null || fail "git is not in the build image. Choose an image that holds git."
  [ -d "$git" ] && [ ! -L "$git" ] || fail "the source has no .git folder. Build from the repository itself, not from" \
    "CodePipeline, which drops it; an S3 archive or folder must hold .git."
  [ ! -s "$git/shallow" ] || fail "the clone is shallow, so earlier commits are missing. Set the project's git clone" \
    "depth to 0 (full); an S3 archive must hold a full clone."

  mkdir -p "$REPO" "$CONVISO_WORK/run" "$CONVISO_WORK/tmp"
  find "$from" -mindepth 1 -maxdepth 1 ! -name .git -exec cp -a -t "$REPO" -- {} +
  # `init` also makes the empty .git/refs again, which an S3 folder loses when all refs are packed.
  GIT_DEFAULT_HASH=sha1 GIT_DEFAULT_REF_FORMAT=files git init --quiet --template= "$REPO"
  for part in HEAD packed-refs refs objects index; do
    [ ! -e "$git/$part" ] || cp -a --remove-destination -t "$REPO/.git" -- "$git/$part"
  done
  head=$(commit_of HEAD) ||
    fail "git cannot read the commit of the source: .git is damaged or incomplete. Upload or clone it again."
  remember HEAD "$head"
  read_origin "$git/config"
}
GUARDS+=" guard_source"

# The client names the asset after origin. Where that is no URL it would take the folder's path, which is another one
# in each build: name the asset after CodeBuild's own name for the source.
read_origin() {
  local origin
  origin=$(git config --file "$1" --get remote.origin.url || true)
  [[ $origin =~ ^[[:graph:]]+$ && $origin != -* ]] || origin=
  remember ORIGIN "$origin"
  if [[ $origin =~ ^(https?|ssh)://([^/]*@)?([^/@]+/.+)$ ]]; then
    # Without a login that may stand in it: the copy goes into the scanners' containers.
    git_here config remote.origin.url "${BASH_REMATCH[1]}://${BASH_REMATCH[3]}"
  elif [[ $origin =~ ^[^/@]+@[^/:]+:.+$ ]]; then
    git_here config remote.origin.url "$origin"
  elif [ -z "${CONVISO_ASSET_NAME-}" ]; then
    remember CONVISO_ASSET_NAME "${CODEBUILD_SOURCE_REPO_URL:-${CODEBUILD_BUILD_ID%%:*}}"
  fi
}
[ -z "${CONVISO_ASSET_NAME-}" ] || export CONVISO_ASSET_NAME
