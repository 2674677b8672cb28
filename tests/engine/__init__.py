"""The program on a real Pulumi engine, with a file for AWS."""
