"""What a credential looks like, so that none is taken for a setting and none is repeated in an error."""

import re
from collections.abc import Iterator, Mapping

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
