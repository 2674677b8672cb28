"""Benchmarks that compare the program with a baseline in the same run, since ratios vary less than absolute times."""
