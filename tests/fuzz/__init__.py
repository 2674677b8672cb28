"""Fuzzing with randomly changed stack files; `make fuzz` tries ten thousand of them."""
