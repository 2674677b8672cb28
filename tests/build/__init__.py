"""The rendered build, run with the real clients against stand-ins on loopback."""
