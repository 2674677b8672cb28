"""YAML that the engine and PyYAML read alike: they know other numbers, such as `1e5`."""

from __future__ import annotations

import re
from typing import Any

import yaml

_MAY_BE_A_NUMBER = re.compile(r"[-+.0-9]")


class _Dumper(yaml.SafeDumper):
    """Quotes text that could be taken for a number; the rest of YAML 1.2 is known to PyYAML."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'" if _MAY_BE_A_NUMBER.match(text) else None)


_Dumper.add_representer(str, _text)


def dumped(value: Any) -> str:
    """The value as a document, in its own order."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
