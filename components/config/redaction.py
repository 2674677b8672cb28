"""What an error message may show of a value: enough to find the mistake, but never a secret that was pasted there."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches

_KINDS: Mapping[str, str] = {
    "an AWS access key": r"(?:AKIA|ASIA)[A-Z0-9]{16}",
    "an AWS secret access key": r"\A(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9])[A-Za-z0-9+][A-Za-z0-9/+]{39}\Z",
    "a GitHub token": r"(?:gh[pousr]_|github_pat_)[A-Za-z0-9_]{10,}",
    "a GitLab token": r"gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|oas)-[A-Za-z0-9_.-]{10,}",
    "an Atlassian token": r"(?:ATBB|ATATT3|ATCTT3)[A-Za-z0-9_=-]{10,}",
    "a Slack token": r"(?:xox[a-z]|xapp)-[A-Za-z0-9-]{10,}",
    "a Slack webhook": r"hooks\.slack\.com/(?:services|workflows)/",
    "a token of a package index": r"(?:npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{30,})",
    "a Docker token": r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{10,}",
    "a Pulumi token": r"pul-[0-9a-f]{40}",
    "a Google API key": r"AIza[A-Za-z0-9_-]{35}",
    "a Stripe key": r"[rs]k_live_[A-Za-z0-9]{16,}",
    "a JSON web token": r"eyJ[A-Za-z0-9_-]{6,2000}\.eyJ",
    "a private key": r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY",
    "a URL with a password": r"://[^\s/:@]{0,256}:[^\s/@]{1,256}@",
}
_PATTERNS = {kind: re.compile(pattern) for kind, pattern in _KINDS.items()}

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_RUN = re.compile(r"[A-Za-z0-9+/=]{16,}")
_WINDOW = 24
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")

_LONGEST = 60
_ARN = re.compile(r"arn:[a-z-]{1,30}:[a-z0-9-]{0,30}:[a-z0-9-]{0,30}:[0-9]{0,12}:[A-Za-z0-9/_+=.@:*-]*")
_WORDS = re.compile(r"[A-Za-z]+(?:[ _-][A-Za-z]+)*")


def got(value: object, choices: Collection[str] = ()) -> str:
    """The end of an error message that shows the value, such as `; got 5`; empty if the value must not be shown.

    Booleans, ARNs and numbers below 10^12 are shown. Other text is shown only if it may be a misspelled member of
    `choices`.
    """
    if isinstance(value, bool):
        return f"; got {str(value).lower()}"
    if isinstance(value, int | float):
        return f"; got {value}" if abs(value) < 10**12 else ""
    if isinstance(value, str) and _may_be_shown(value, choices):
        return f'; got "{_cut(value)}"'
    return ""


def key_shown(key: str) -> str:
    """A key of a map as an error message may show it. It can be anything, even a token or text with line breaks."""
    if may_be_secret(key):
        return f"[{len(key)} characters that may be a secret]"
    return _cut(on_one_line(key[: _LONGEST + 1]))


def on_one_line(text: str) -> str:
    """The text with an escape for every character that does not print, such as a line break."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """The end of an error message that suggests the closest known name; empty if none is close."""
    by_lower_case = {name.lower(): name for name in known}
    near = get_close_matches(given.lower(), by_lower_case, n=1)
    return f"; did you mean {by_lower_case[near[0]]}?" if near else ""


def _may_be_shown(text: str, choices: Collection[str]) -> bool:
    if kind_of_credential(text):
        return False
    if len(text) <= _LONGEST and did_you_mean(text, choices):
        return text.isprintable() and not may_be_secret(text)
    if _ARN.fullmatch(text):
        return True
    return len(text) <= max(map(len, choices), default=0) and _WORDS.fullmatch(text) is not None


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def kind_of_credential(text: str) -> str | None:
    """The kind of credential that a text contains, by the format of its issuer; None if no format is recognized."""
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.search(text)), None)


def may_be_secret(text: str) -> bool:
    """Whether a text contains a known credential, a UUID, or a long run of characters that looks random.

    Split where letters, digits and case change, names that people choose have parts of four or more characters on
    average, while random text has parts of about two.
    """
    if kind_of_credential(text) or _UUID.search(text):
        return True
    return any(_is_random(part) for run in _RUN.findall(text) for part in (run, *_windows(run)))


def _windows(run: str) -> Iterator[str]:
    """The parts of a long run that are judged on their own, so that words around a secret do not hide it."""
    return (run[start : start + _WINDOW] for start in range(0, len(run) - _WINDOW, 4))


def _is_random(part: str) -> bool:
    words = _WORD.findall(part)
    return sum(map(len, words)) < 3.5 * len(words)
