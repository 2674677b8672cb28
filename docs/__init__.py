"""The documentation, and the generators of its tables, schemas and policies."""
