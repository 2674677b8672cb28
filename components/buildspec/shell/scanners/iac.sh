IAC() {
  conviso iac run -r "$REPO"
}
