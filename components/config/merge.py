"""The merge of the stack's `defaults` with an integration's own fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .integration import PartialIntegration
from .raw import Raw, without_nulls
from .stack_outputs import output_field_paths


@dataclass(frozen=True)
class Choice:
    """How to recognize which of several alternatives a map is."""

    keys: tuple[str, ...]
    """The keys whose presence or value identifies the alternative."""
    implicit: tuple[str, str] | None = None
    """The alternative of a map that has none of the keys."""

    def of(self, raw: Raw) -> tuple[str, Any] | None:
        """The alternative that `raw` names; None if it names none."""
        return next(((key, raw[key]) for key in self.keys if raw.get(key) is not None), None)


CHOICES: Mapping[tuple[str, ...], Choice] = {
    ("source",): Choice(("provider",)),
    # Each ARN is an alternative of its own, because a KMS key belongs to the secret that it encrypts.
    ("source", "auth"): Choice(("connectionArn", "tokenSecretArn")),
    ("client",): Choice(("package",), ("package", "conviso-flowcli")),
    ("buildspec",): Choice(("location",), ("location", "inline")),
    ("logs",): Choice(("destination",), ("destination", "cloudwatch")),
    ("secret",): Choice(("existingArn",)),
    ("triggers", "pullRequests", "secret"): Choice(("existingArn",)),
}


_OUTPUT_FIELDS = frozenset(output_field_paths(PartialIntegration))


def merged(defaults: Raw, own: Raw, annotation: Any = PartialIntegration) -> dict[str, Any]:
    """An integration's own fields merged over the defaults, key by key. A null removes an inherited value.

    `annotation` is the type of what is merged; a null for a key that this type does not have stays.
    """
    return without_nulls(overlay(defaults, own), annotation)


def overlay(base: Raw, over: Raw, path: tuple[str, ...] = ()) -> dict[str, Any]:
    """`over` merged over `base`: maps key by key; lists and other values as a whole. Nulls are kept.

    A reference to an output of another stack is replaced as a whole, because its stack and its output belong together.
    """
    if _picks_another(base, over, path):
        return dict(over)
    result = dict(base)
    for key, value in over.items():
        inherited, here = base.get(key), (*path, key)
        if isinstance(inherited, Mapping) and isinstance(value, Mapping) and here not in _OUTPUT_FIELDS:
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
