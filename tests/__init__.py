"""Tests of the program, its sandbox and the build that it makes."""
