# The client with all its dependencies, each pinned by hash, into a folder of its own beside the standard library:
# no virtual environment, which would take three times as long. Nothing is built, so nothing of a package runs here.
install() {
  local try
  export PIP_ROOT_USER_ACTION=ignore
  sed -i 's/ / --hash=sha256:/g' requirements.txt
  for try in 1 2 3; do
    [ $try = 1 ] || sleep 5
    timeout 300 "$CONVISO_PYTHON" -I -m pip install --quiet --disable-pip-version-check --no-input --no-cache-dir \
      --no-compile --no-deps --only-binary=:all: --require-hashes --upgrade --target packages -r requirements.txt &&
      return
  done
  fail "the Conviso client could not be installed. The build needs PyPI or the image's mirror (PIP_INDEX_URL)."
}
