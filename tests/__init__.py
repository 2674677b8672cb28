"""Tests of the program, of the tools around it, and of the builds that it configures."""
