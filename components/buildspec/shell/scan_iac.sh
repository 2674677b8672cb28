iac() { conviso iac run -r "$REPO"; }
scan_iac() { attempt IAC iac; }
SCANS+=" scan_iac"
