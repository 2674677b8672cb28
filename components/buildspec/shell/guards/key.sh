guard_key() {
  [ -n "$KEY" ] || fail "FLOW_API_KEY is missing or empty. Put the platform's API key into the secret."
  # The client would print a malformed key in its error message.
  local LC_ALL=C
  [[ $KEY =~ ^[!-~]+$ ]] ||
    fail "FLOW_API_KEY holds a space or line break. Store the bare key in the secret."
}
