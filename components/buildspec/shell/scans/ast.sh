# conviso-ast scans all in one command; what was not chosen is left out by client.py. Its exit code 4: the platform
# knows this commit already, so the command did nothing. It cannot know whether the scans of that time succeeded, so
# they run here one by one.
scans() {
  local chosen='' code=0 name
  START=$NOTHING END=$CONVISO_COMMIT
  for name in sast sca iac; do
    declare -F scan_$name >/dev/null || continue
    [ $name != sast ] || has_range || continue
    chosen+=" ${name^^}"
  done
  [ -n "$chosen" ] || return 0
  say "AST: starting$chosen"
  CONVISO_SCANS=$chosen ast_run || code=$?
  if [ $code = 4 ]; then
    say "AST: the platform knows ${END:0:12} already, so the scans run one at a time"
    each_scan
  else
    # shellcheck disable=SC2086 # a list of names
    settle $code $chosen
  fi
}
