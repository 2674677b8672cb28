docker_answers() { timeout 10 docker info >/dev/null 2>&1; }

# AWS's images start dockerd themselves. Elsewhere start it on the unix socket alone: on a TCP port, everything that
# runs in the build could use it.
guard_docker() {
  local deadline=$((SECONDS + 60)) log=$CONVISO_WORK/dockerd.log daemon
  docker_answers && return
  if command -v dockerd >/dev/null; then
    say "Docker does not answer: starting dockerd"
    nohup dockerd --host=unix:///var/run/docker.sock >"$log" 2>&1 &
    daemon=$!
    while [ "$SECONDS" -lt "$deadline" ] && kill -0 "$daemon" 2>/dev/null; do
      sleep 1
      docker_answers && return
    done
    tail -n 3 "$log" >&2
  fi
  fail "Docker is not reachable. The project must run in privileged mode, and a custom image must hold docker and dockerd."
}
GUARDS+=" guard_docker"
