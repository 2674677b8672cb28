"""The version of this library, of the wheel, and of the texts that it renders."""

VERSION = "0.1.0"
