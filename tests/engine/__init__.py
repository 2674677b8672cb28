"""Tests of the program on a real Pulumi engine, with a file in place of AWS."""
