docker_answers() { timeout 10 docker info >/dev/null 2>&1; }

# AWS's images start dockerd themselves, which may take a while. Elsewhere, start it on the unix socket alone: a TCP
# port would be open to everything in the build. If it ends, wait on, because the image's own dockerd may still be
# starting.
guard_docker() {
  local until=$((SECONDS + 60)) try
  docker_answers && return
  if command -v dockerd >dockerd.log; then
    say "starting dockerd"
    nohup dockerd --host=unix:///var/run/docker.sock >dockerd.log 2>&1 &
  fi
  for try in {1..60}; do
    [ $SECONDS -lt $until ] || break
    sleep 1
    docker_answers && return
  done
  tail -n 3 dockerd.log >&2
  fail "Docker is not reachable. Run the project in privileged mode; a custom image must hold docker and dockerd."
}
