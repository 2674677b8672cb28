sca() {
  conviso sca run -r "$REPO"
}
