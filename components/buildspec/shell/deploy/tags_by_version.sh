# Order tags by semantic version, as the client parses it. Tags that are not versions are left out.
order_tags() { conviso sort-tags; }

deploy_command() {
  conviso deploy create -f env_vars with tag-tracker -r "$REPO" sort-by versioning-style
}
