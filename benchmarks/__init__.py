"""Measurements, each against a floor taken in the same run: the machines are noisy, ratios are less so."""
