"""The commands: options, and what is printed. Each `run` returns whether all is fine."""
