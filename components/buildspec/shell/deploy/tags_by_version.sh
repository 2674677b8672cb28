# Order tags by semantic version, as the client reads it, and leave out tags that are no version.
order_tags() { conviso sort-tags; }

deploy_command() {
  conviso deploy create -f env_vars with tag-tracker -r "$REPO" sort-by versioning-style
}
