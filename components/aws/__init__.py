"""What settings mean to AWS: names, sources, triggers and policies as plain values."""
