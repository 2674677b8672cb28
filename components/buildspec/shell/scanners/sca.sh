SCA() {
  conviso sca run -r "$REPO"
}
