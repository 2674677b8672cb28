"""The grammar of IAM policy documents: what AWS refuses in one."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ACTION = re.compile(r"\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+")
_ARN = re.compile(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:.+", re.DOTALL)
_VERSIONS = ("2012-10-17", "2008-10-17")
_SID = re.compile(r"[A-Za-z0-9]*")
_ELEMENTS = {
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
}

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: all inline policies of a role together,
# without white space. A role with many connections or buckets can exceed it.
ROLE_POLICIES_CHARACTERS = 10_240


@dataclass(frozen=True)
class Kind:
    """The elements that statements must and must not have, which depend on what a document is attached to."""

    principal: bool
    resource: bool


IDENTITY = Kind(principal=False, resource=True)
TRUST = Kind(principal=True, resource=False)
RESOURCE = Kind(principal=True, resource=True)


def check(kind: Kind) -> Callable[[Any], Iterator[str]]:
    """Return a check of a document's text."""

    def problems(text: str) -> Iterator[str]:
        try:
            document = json.loads(text)
        except ValueError as error:
            yield f"is not JSON: {error}"
            return
        if not isinstance(document, dict):
            yield "must be a JSON object"
            return
        yield from _document(document, kind)

    return problems


def size(text: str) -> int:
    """Return the document's length as IAM counts it."""
    return len("".join(text.split()))


def statements(document: Any) -> list[dict[str, Any]]:
    """Return the statements of a parsed document, which may contain one or a list."""
    found = document.get("Statement") if isinstance(document, dict) else None
    return [entry for entry in as_list(found) if isinstance(entry, dict)]


def as_list(value: Any) -> list[Any]:
    """Return the entries of a value that may be one entry or a list."""
    return [] if value is None else value if isinstance(value, list) else [value]


def _document(document: dict[str, Any], kind: Kind) -> Iterator[str]:
    unknown = sorted(document.keys() - {"Version", "Id", "Statement"})
    if unknown:
        yield f"has the unknown element {unknown[0]}"
    if document.get("Version", _VERSIONS[0]) not in _VERSIONS:
        yield f"Version must be {' or '.join(_VERSIONS)}"
    if not as_list(document.get("Statement")):
        yield "must have at least one Statement"
    for index, statement in enumerate(as_list(document.get("Statement"))):
        where = f"Statement[{index}]"
        if isinstance(statement, dict):
            yield from (f"{where} {problem}" for problem in _statement(statement, kind))
        else:
            yield f"{where} must be a map"
    repeated = Counter(statement.get("Sid") for statement in statements(document) if statement.get("Sid"))
    yield from (f"the Sid {sid} stands in {count} statements" for sid, count in repeated.items() if count > 1)


def _statement(statement: dict[str, Any], kind: Kind) -> Iterator[str]:
    unknown = sorted(statement.keys() - _ELEMENTS)
    if unknown:
        yield f"has the unknown element {unknown[0]}"
    if statement.get("Effect") not in ("Allow", "Deny"):
        yield "must have the Effect Allow or Deny"
    # Only documents that are attached to an identity have this rule for Sid; others may contain spaces.
    if not kind.principal and not _SID.fullmatch(str(statement.get("Sid", ""))):
        yield "has a Sid with other characters than A-Z, a-z and 0-9"
    yield from _exactly_one(statement, ("Action", "NotAction"), wanted=True)
    yield from _exactly_one(statement, ("Resource", "NotResource"), wanted=kind.resource)
    yield from _exactly_one(statement, ("Principal", "NotPrincipal"), wanted=kind.principal)
    for action in as_list(statement.get("Action", statement.get("NotAction"))):
        if not isinstance(action, str) or not _ACTION.fullmatch(action):
            yield f"has the malformed action {action!r}"
    for resource in as_list(statement.get("Resource", statement.get("NotResource"))):
        if not isinstance(resource, str) or not (resource == "*" or _ARN.fullmatch(resource)):
            yield f"has a resource that is neither * nor an ARN: {resource!r}"
    if not isinstance(statement.get("Condition", {}), dict):
        yield "has a Condition that is no map"


def _exactly_one(statement: dict[str, Any], names: tuple[str, str], *, wanted: bool) -> Iterator[str]:
    given = [name for name in names if statement.get(name) not in (None, [], "")]
    if wanted and len(given) != 1:
        yield f"must have exactly one of {' and '.join(names)}"
    if not wanted and given:
        yield f"must not have {given[0]} here"
