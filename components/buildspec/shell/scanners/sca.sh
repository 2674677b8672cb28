sca() {
  conviso sca run -r "$REPO"
}

scan_sca() { attempt SCA sca; }
