"""The commands: their options and output. Each `run` returns whether all is fine."""
