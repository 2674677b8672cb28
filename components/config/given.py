"""What an error may show of what was given: enough to find the mistake, and never a secret that was pasted there."""

import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches

from .credentials import kind_of_credential, may_be_secret

_LONGEST = 60
_ARN = re.compile(r"arn:[a-z-]{1,30}:[a-z0-9-]{0,30}:[a-z0-9-]{0,30}:[0-9]{0,12}:[A-Za-z0-9/_+=.@:*-]*")
_WORDS = re.compile(r"[A-Za-z]+(?:[ _-][A-Za-z]+)*")


def got(value: object, choices: Collection[str] = ()) -> str:
    """What was given as a closing half-sentence; empty where it has another form than that which belongs there.

    Booleans, numbers below a million millions and ARNs can be told by their form. Other text is shown only where it
    could be meant as one of `choices`.
    """
    if isinstance(value, bool):
        return f"; got {str(value).lower()}"
    if isinstance(value, int | float):
        return f"; got {value}" if abs(value) < 10**12 else ""
    if isinstance(value, str) and _may_be_shown(value, choices):
        return f'; got "{_cut(value)}"'
    return ""


def key_shown(key: str) -> str:
    """A key as it stands in the path of an error: a map's key may be anything, also a token or a forged line."""
    if may_be_secret(key):
        return f"[{len(key)} characters that may be a secret]"
    return _cut("".join(each if each.isprintable() else _escaped(each) for each in key[: _LONGEST + 1]))


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """The closest known name as a closing half-sentence; empty where none is near."""
    by_lower_case = {name.lower(): name for name in known}
    near = get_close_matches(given.lower(), by_lower_case, n=1)
    return f"; did you mean {by_lower_case[near[0]]}?" if near else ""


def _may_be_shown(text: str, choices: Collection[str]) -> bool:
    if len(text) <= _LONGEST and did_you_mean(text, choices):
        return text.isprintable() and not may_be_secret(text)
    if _ARN.fullmatch(text):
        return kind_of_credential(text) is None
    return len(text) <= max(map(len, choices), default=0) and _WORDS.fullmatch(text) is not None


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _escaped(character: str) -> str:
    return ascii(character)[1:-1]
