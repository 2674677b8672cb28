# Install the client and its dependencies, each pinned by hash, into a folder of their own. A virtual environment would
# take three times as long. pip builds nothing, so no code of a package runs here.
install() {
  # An image's variables may demand a virtual environment or the user's folder, which --target excludes.
  export PIP_ROOT_USER_ACTION=ignore PIP_REQUIRE_VIRTUALENV=0 PIP_USER=0
  "$CONVISO_PYTHON" -I -W ignore -m tarfile -e client.tar.bz2
  sed -i 's/ / --hash=sha256:/g' requirements.txt
  thrice timeout 300 "$CONVISO_PYTHON" -I -m pip install --quiet --disable-pip-version-check --no-input \
    --no-cache-dir --no-compile --no-deps --only-binary=:all: --require-hashes --upgrade --target packages \
    -r requirements.txt ||
    fail "the Conviso client could not be installed. The build needs PyPI or the image's mirror (PIP_INDEX_URL)."
}
