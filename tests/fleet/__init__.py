"""Tests of `python -m fleet`."""
