"""Tests of the program, of its sandbox, and of the builds that it configures."""
