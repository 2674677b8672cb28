"""What settings mean to AWS, as plain values: names, sources, triggers, policies."""
