"""Takes over build projects that were created by hand: a stack file, and a list for `pulumi import`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from components.aws.names import stack_prefix
from components.config import ConfigError, parse_integration, stack_name_problems
from fleet.adopt import imports
from fleet.adopt.changes import changes
from fleet.adopt.old_project import Adopted, adopted
from fleet.adopt.printed import read
from fleet.errors import FleetError
from fleet.names import integration_names
from fleet.yaml_text import dumped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["Plan", "Remark", "plan", "read"]

_FILL_IN = "# fill in"


@dataclass(frozen=True)
class Remark:
    """One line about an old project, for people."""

    project: str
    kind: str
    """`lost`, `changes`, `fill in` or `left out`."""
    text: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The files that take the projects over, and remarks for people."""

    stack_file: str
    import_list: dict[str, Any]
    remarks: list[Remark]
    needs_api_key: bool
    """Whether Pulumi writes the API key, because there is no secret that the stack can take over."""

    @property
    def is_empty(self) -> bool:
        """Whether all projects are left out."""
        return not any("id" in each for each in self.import_list["resources"])


def plan(projects: Sequence[Mapping[str, Any]], stack: str, not_found: Sequence[str] = ()) -> Plan:
    """The stack file, the list for `pulumi import --file`, and remarks for people.

    `not_found` are names for which CodeBuild has no project.

    Raises FleetError if no stack can have that name.
    """
    _check_name(stack)
    short = (str(each["name"]).removeprefix(stack_prefix(stack)).removeprefix("conviso-") for each in projects)
    names = integration_names(short)
    all_of_them = [adopted(raw, name) for raw, name in zip(projects, names, strict=True)]
    possible = [each for each in all_of_them if each.refused is None]
    for each in possible:
        if _place(each.raw) != _place(possible[0].raw):
            each.refused = f"it is in {_place(each.raw)}; one stack is in one region of one account"
    taken = [each for each in possible if each.refused is None]
    secret = imports.common_secret(taken)
    for each in taken:
        if each.secret and each.secret != secret:
            each.entry["secret"] = {"existingArn": each.secret.arn, "key": each.secret.key}
    remarks = [remark for each in all_of_them for remark in _remarks(each)]
    remarks += [Remark(name, "left out", "CodeBuild has no project with this name") for name in not_found]
    if secret:
        remarks.append(
            Remark(
                "(stack)",
                "changes",
                "secret: description, tags, recovery window; a customer key, unless secret.kmsKeyArn names it",
            )
        )
    return Plan(
        stack_file=_stack_file(taken, imports.stack_secret(secret) if secret else None),
        import_list=imports.import_list(taken, secret),
        remarks=remarks,
        needs_api_key=secret is None,
    )


def _check_name(stack: str) -> None:
    if wrong := list(map(str, stack_name_problems(stack))):
        raise FleetError("\n".join(wrong))


def _remarks(each: Adopted) -> Iterator[Remark]:
    name = each.project_name
    if each.refused:
        yield Remark(name, "left out", each.refused)
        return
    yield from (Remark(name, "lost", text) for text in each.lost)
    try:
        settings = parse_integration(_given(each.entry))
    except ConfigError as error:
        yield from (Remark(name, "fill in", f"integrations.{each.name}.{problem}") for problem in error.problems)
        yield Remark(name, "fill in", "once these are filled in, the preview shows the changes")
        return
    yield from (Remark(name, "changes", text) for text in changes(each, settings))


def _place(raw: Mapping[str, Any]) -> str:
    """Region and account."""
    return " ".join(str(raw["arn"]).split(":")[3:5])


def _given(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The entry without the values that are still to be filled in."""
    return {
        key: _given(value) if isinstance(value, dict) else value for key, value in entry.items() if value is not None
    }


def _stack_file(taken: Sequence[Adopted], secret: Mapping[str, Any] | None) -> str:
    config: dict[str, Any] = {}
    if taken:
        config["aws:region"] = str(taken[0].raw["arn"]).split(":")[3]
    if secret:
        config["conviso-codebuild:secret"] = dict(secret)
    config["conviso-codebuild:integrations"] = {each.name: each.entry for each in taken}
    # A missing value is an error that names the field; the comment marks its place.
    return dumped({"config": config}).replace(": null\n", f": {_FILL_IN}\n")
