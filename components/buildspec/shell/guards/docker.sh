docker_answers() { timeout 10 docker info >/dev/null 2>&1; }

# AWS's images start dockerd themselves. Elsewhere start it on the unix socket alone: a TCP port would be open to all
# that runs in the build.
guard_docker() {
  local deadline=$((SECONDS + 60)) daemon
  docker_answers && return
  if command -v dockerd >/dev/null; then
    say "starting dockerd"
    nohup dockerd --host=unix:///var/run/docker.sock >dockerd.log 2>&1 &
    daemon=$!
    while [ $SECONDS -lt $deadline ] && kill -0 $daemon 2>/dev/null; do
      sleep 1
      docker_answers && return
    done
    tail -n 3 dockerd.log >&2
  fi
  fail "Docker is not reachable. Run the project in privileged mode; a custom image must hold docker and dockerd."
}
