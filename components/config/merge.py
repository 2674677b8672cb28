"""How the stack's `defaults` and an integration's own fields become one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .integration import PartialIntegration
from .raw import Raw, without_nulls
from .stack_outputs import paths_owned_elsewhere


@dataclass(frozen=True)
class Choice:
    """A map that is one of several alternatives."""

    keys: tuple[str, ...]
    """The keys whose presence or value says which alternative it is."""
    implicit: tuple[str, str] | None = None
    """The alternative of a map that says none."""

    def of(self, raw: Raw) -> tuple[str, Any] | None:
        """The alternative that `raw` names, or None."""
        return next(((key, raw[key]) for key in self.keys if raw.get(key) is not None), None)


CHOICES: Mapping[tuple[str, ...], Choice] = {
    ("source",): Choice(("provider",)),
    # Another token or existing secret is another alternative: a KMS key goes with the secret that it encrypts.
    ("source", "auth"): Choice(("connectionArn", "tokenSecretArn")),
    ("client",): Choice(("package",), ("package", "conviso-flowcli")),
    ("buildspec",): Choice(("location",), ("location", "inline")),
    ("logs",): Choice(("destination",), ("destination", "cloudwatch")),
    ("secret",): Choice(("existingArn",)),
    ("triggers", "pullRequests", "secret"): Choice(("existingArn",)),
}


_OWNED_ELSEWHERE = frozenset(paths_owned_elsewhere(PartialIntegration))


def merged(defaults: Raw, own: Raw) -> dict[str, Any]:
    """The fields of an integration: its own over the defaults, key by key; `null` removes what was inherited."""
    return without_nulls(overlay(defaults, own))


def overlay(base: Raw, over: Raw, path: tuple[str, ...] = ()) -> dict[str, Any]:
    """`over` on `base`: maps key by key, all else replaced whole; `null` stays, so that it can still remove.

    An output of another stack is a value, not a map of two: the stack of one and the output of the other fit nothing.
    """
    if _picks_another(base, over, path):
        return dict(over)
    result = dict(base)
    for key, value in over.items():
        inherited, here = base.get(key), (*path, key)
        if isinstance(inherited, Mapping) and isinstance(value, Mapping) and here not in _OWNED_ELSEWHERE:
            result[key] = overlay(inherited, value, here)
        else:
            result[key] = value
    return result


def _picks_another(base: Raw, over: Raw, path: tuple[str, ...]) -> bool:
    choice = CHOICES.get(path)
    if choice is None:
        return False
    inherited, own = choice.of(base) or choice.implicit, choice.of(over)
    return inherited is not None and own is not None and inherited != own
