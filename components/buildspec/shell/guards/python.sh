# AWS's images keep several Pythons under pyenv, of which only the default is on the path; a custom image has what it
# has, and CodeBuild refuses `runtime-versions` there. So look for one instead of asking for one.
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
