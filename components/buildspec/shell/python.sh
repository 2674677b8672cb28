# AWS's images keep several Pythons under pyenv, of which only the default is on the path; a custom image has what it
# has, and CodeBuild refuses `runtime-versions` there. So look for one instead of asking for one.
guard_python() {
  local version python
  for version in 3.12 3.11 3.10 3.9; do
    for python in "python$version" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/"python$version"; do
      # Isolated (-I): a venv.py or pip.py of the repository must not be what is imported.
      if python=$(command -v "$python") && "$python" -I -c 'import pip, ssl' 2>/dev/null; then
        remember PYTHON "$python"
        return
      fi
    done
  done
  fail "no usable Python in the build image. The Conviso client needs Python 3.9 to 3.12 with pip."
}
GUARDS+=" guard_python"
