# By semantic version, as the client reads it; tags that are none are left out.
order_tags() { conviso sort-tags; }

deploy_command() {
  conviso deploy create -f env_vars with tag-tracker -r "$REPO" sort-by versioning-style
}
