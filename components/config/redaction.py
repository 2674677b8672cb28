"""What an error may show of what was given: enough to find the mistake, and never a secret that was pasted there."""

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


def kind_of_credential(text: str) -> str | None:
    """What kind of credential stands in a text, by the marks that issuers give theirs; None where none is known."""
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.search(text)), None)


def may_be_secret(text: str) -> bool:
    """Whether a text holds a credential, a UUID, or a long run of characters that reads as no words do.

    Words of people have four letters and more on average; those of random text, cut where letters, digits and case
    change, have two.
    """
    if kind_of_credential(text) or _UUID.search(text):
        return True
    return any(_is_random(part) for run in _RUN.findall(text) for part in (run, *_windows(run)))


def _windows(run: str) -> Iterator[str]:
    """Parts of a long run: words around a secret must not hide it."""
    return (run[start : start + _WINDOW] for start in range(0, len(run) - _WINDOW, 4))


def _is_random(part: str) -> bool:
    words = _WORD.findall(part)
    return sum(map(len, words)) < 3.5 * len(words)
