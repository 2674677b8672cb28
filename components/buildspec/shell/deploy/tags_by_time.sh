# Order tags by the date of the tagged commit, but never put a commit before its ancestors, even if clocks were wrong.
order_tags() {
  local tags
  tags=$(cat)
  awk '{ print $1 }' <<<"$tags" | repo rev-list --date-order --stdin |
    awk 'NR == FNR { tags[$1] = tags[$1] $0 "\n"; next } { printf "%s", tags[$1] }' <(echo "$tags") -
}

deploy_command() {
  conviso deploy create -f env_vars with tag-tracker -r "$REPO" sort-by time
}
