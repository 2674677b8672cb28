iac() {
  conviso iac run -r "$REPO"
}
