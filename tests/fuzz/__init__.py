"""Stack files that nobody would write on purpose; `make fuzz` runs ten thousand of them."""
