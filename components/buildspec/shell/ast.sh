# conviso-ast scans all in one command. What was not chosen is left out by client.py, which also fails where the
# command would end well without a scan. Exit code 4: the platform knows this commit, so the command did nothing; it
# cannot know whether the scans of that time succeeded, so they run here one by one.
EACH_SCAN=$SCANS
SCANS=" scan_ast"

scan_ast() {
  local chosen='' code=0 step
  RANGE_START=$EMPTY_TREE RANGE_END=$HEAD
  for step in $EACH_SCAN; do
    case $step in
    scan_sast) ! range_of_sast || chosen+=" SAST" ;;
    scan_sca) chosen+=" SCA" ;;
    scan_iac) chosen+=" IAC" ;;
    esac
  done
  [ -n "$chosen" ] || return 0
  say "AST: starting$chosen"
  CONVISO_SCANS=$chosen ast_run || code=$?
  if [ "$code" = 4 ]; then
    say "AST: the platform already knows $(short "$RANGE_END"); scanning it again, one scan at a time"
    for step in $EACH_SCAN; do "$step"; done
  else
    # shellcheck disable=SC2086 # a list of names
    settle "$code" $chosen
  fi
}
