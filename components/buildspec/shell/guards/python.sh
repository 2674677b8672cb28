# AWS's images hold several versions of Python under pyenv, and only the default is on the path. In a custom image,
# CodeBuild refuses `runtime-versions`. So the build looks for a Python instead of requesting one.
guard_python() {
  local version found
  for version in 3.12 3.11 3.10 3.9; do
    for found in "python$version" "${PYENV_ROOT:-${HOME-}/.pyenv}/versions/$version".*/bin/"python$version"; do
      if found=$(command -v "$found") && "$found" -I -c 'import bz2, pip, ssl' 2>/dev/null; then
        remember PYTHON "$found"
        return
      fi
    done
  done
  fail "no usable Python. Choose an image with Python 3.9 to 3.12 and pip."
}
