"""The version of the library, its wheel, and the buildspecs that it renders."""

VERSION = "0.1.0"
