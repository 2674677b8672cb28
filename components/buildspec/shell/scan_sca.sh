sca() { conviso sca run -r "$REPO"; }
scan_sca() { attempt SCA sca; }
SCANS+=" scan_sca"
