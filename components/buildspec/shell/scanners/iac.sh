iac() {
  conviso iac run -r "$REPO"
}

scan_iac() { attempt IAC iac; }
