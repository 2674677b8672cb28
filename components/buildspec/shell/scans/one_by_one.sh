declare -A IMAGES=([SAST]=sastbox_v2:latest [SCA]=osv_scanner:latest)
IMAGES[IAC]='iac_scanner_checkov:latest sastbox-converter-tool:cc50dee'

# shellcheck disable=SC2046 # a list of names
scans() { one_by_one $(wanted); }
