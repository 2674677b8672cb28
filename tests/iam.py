"""Evaluates a policy as IAM does: whether a document allows an action on a resource in a request context.

The emulated AWS evaluates resources for S3 only, and hardly any conditions, so these tests evaluate them here. The
rules: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Context = Mapping[str, str]
    Compare = Callable[[str, str], bool]


def allows(document: Mapping[str, Any], action: str, resource: str = "*", **context: str) -> bool:
    """Return whether the document allows the request; pass condition keys, which contain colons, as `**{...}`."""
    effects = {
        each["Effect"]
        for each in document["Statement"]
        if any(_matches(pattern, action) for pattern in as_list(each["Action"]))
        and any(_matches(pattern, resource) for pattern in as_list(each.get("Resource", "*")))
        and _holds(each.get("Condition", {}), context)
    }
    return effects == {"Allow"}


def as_list(value: Any) -> list[Any]:
    """Return the value as a list, since policies may contain one entry in place of a list."""
    return value if isinstance(value, list) else [value]


def _matches(pattern: str, text: str) -> bool:
    expression = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in pattern)
    return re.fullmatch(expression, text, re.DOTALL) is not None


def _equal(wanted: str, found: str) -> bool:
    return wanted == found


# ArnEquals accepts wildcards, as ArnLike does.
_COMPARISONS: Mapping[str, Compare] = {
    "StringEquals": _equal,
    "StringLike": _matches,
    "ArnEquals": _matches,
    "ArnLike": _matches,
    "Bool": _equal,
}


def _holds(condition: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """Return whether every key of every operator matches; a key matches if one of its values does."""
    return all(
        _key_holds(operator, [str(value) for value in as_list(values)], context.get(key))
        for operator, keys in condition.items()
        for key, values in keys.items()
    )


def _key_holds(operator: str, wanted: list[str], found: str | None) -> bool:
    if operator == "Null":
        return wanted == [str(found is None).lower()]
    if operator.endswith("IfExists"):
        return found is None or _key_holds(operator.removesuffix("IfExists"), wanted, found)
    if "Not" in operator:
        return not _key_holds(operator.replace("Not", ""), wanted, found)
    # An unknown operator raises a KeyError, so that no test silently takes it for a match.
    compare = _COMPARISONS[operator]
    return found is not None and any(compare(value, found) for value in wanted)
