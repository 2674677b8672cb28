prepare() {
  mark source
  each guard_key guard_project guard_gate_findings guard_gate_rules guard_source guard_python guard_docker guard_tags \
    guard_base
  mark client
  install
}

# Make all decisions and pull all images before the platform learns of a deploy. A deploy is never made twice, so its
# scans must not fail for lack of an image.
choose() {
  local images='' name
  mark range
  each choose_deploy choose_range
  for name in $(wanted) ALSO; do images+=" ${IMAGES[$name]-}"; done
  [ "${CONVISO_DEPLOY-}" != failed ] || images+=' convisoappsec/scc:latest'
  mark images
  # shellcheck disable=SC2086 # a list of names
  [ -z "${images// /}" ] || thrice conviso pull $images || fail "an image could not be pulled: $(why)"
}

# The only argument is the phase to run.
"$1"
