"""The version of this library, which the wheel and the rendered buildspecs have, too."""

VERSION = "0.1.0"
