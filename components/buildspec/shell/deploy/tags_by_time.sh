# By the date of the tagged commit, but a commit never before its own ancestors, whatever the clocks said.
order_tags() {
  local tags
  tags=$(cat)
  awk '{ print $1 }' <<<"$tags" | repo rev-list --date-order --stdin |
    awk 'NR == FNR { tags[$1] = tags[$1] $0 "\n"; next } { printf "%s", tags[$1] }' <(echo "$tags") -
}

deploy_command() {
  conviso deploy create -f env_vars with tag-tracker -r "$REPO" sort-by time
}
