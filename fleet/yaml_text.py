"""YAML that PyYAML and Pulumi's engine read alike."""

from __future__ import annotations

import re
from typing import Any

import yaml

_NO_LIMIT = 1_000_000
_MAY_BE_A_NUMBER = re.compile(r"[-+.0-9]")


class _Dumper(yaml.SafeDumper):
    """Quotes text that YAML 1.2 reads as a number, such as `1e5`, and PyYAML, which knows YAML 1.1, does not.

    Text with line breaks is written with escapes, so that each text is on one line.
    """


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if text and text.splitlines() != [text] else "'" if _MAY_BE_A_NUMBER.match(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def dumped(value: Any) -> str:
    """The value as a YAML document, with keys in their order."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_NO_LIMIT)
