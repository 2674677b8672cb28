prepare() {
  each guard_key guard_project guard_source guard_python guard_docker guard_tags guard_base
  install
}

# The one argument is the phase.
"$1"
