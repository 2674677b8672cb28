"""What settings take from other stacks: read once for each stack, and checked when it is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from .aws import arns
from .aws.location import AwsLocation
from .config import ConfigError, Problem
from .config.fields import Section
from .config.stack_outputs import StackOutput, owned_elsewhere, wrong_value

_DO_NOT_FIT = "outputs of other stacks do not fit the configuration; the errors above name them"


class OtherStacks:
    """The stacks whose outputs settings name; a program makes one of these and hands it to every component.

    Each stack is read once, whatever number of fields name its outputs.
    """

    def __init__(self) -> None:
        self._references: dict[str, pulumi.StackReference] = {}

    def reference(self, stack: str) -> pulumi.StackReference:
        """The reference to a stack, by its full name."""
        if stack not in self._references:
            self._references[stack] = pulumi.StackReference(stack)
        return self._references[stack]


class Values:
    """The values of fields that another stack may own, by the field's path inside of the settings."""

    def __init__(self, by_path: Mapping[str, Any]) -> None:
        self._by_path = by_path

    def text(self, path: str) -> pulumi.Input[str] | None:
        """The value of a field that holds one text; None where the settings leave it out."""
        found: pulumi.Input[str] | None = self._by_path.get(path)
        return found

    def required(self, path: str) -> pulumi.Input[str]:
        """The value of a field that the settings cannot leave out."""
        found: pulumi.Input[str] = self._by_path[path]
        return found

    def texts(self, path: str) -> pulumi.Input[Sequence[pulumi.Input[str]]] | None:
        """The value of a field that holds a list; None where the settings leave it out."""
        found: pulumi.Input[Sequence[pulumi.Input[str]]] | None = self._by_path.get(path)
        return found


@dataclass(frozen=True)
class _Field:
    """A field that is an output of another stack, for the check of its value."""

    path: str
    type: Any
    location: AwsLocation

    def checked(self, wanted: StackOutput, value: Any, names: Sequence[str], secrets: Sequence[str] | None) -> Any:
        """The value of the output, where it fits; `names` and `secrets` are those of all outputs beside it.

        Raises RunError, after it has logged why not.
        """
        wrong = wrong_value(wanted, self.type, value, names) or arns.misplaced(self.path, value, self.location)
        if wrong:
            if value is not None and (secrets is None or wanted.output in secrets):
                wrong = "does not fit this field; it is secret, so no more is told"
            pulumi.log.error(f"{self.path}: {wanted} {wrong}")
            raise pulumi.RunError(_DO_NOT_FIT)
        return value


def values_of(settings: Section, location: AwsLocation, field: str, other_stacks: OtherStacks | None) -> Values:
    """The values of all fields of these settings that another stack may own: text, or what that stack exports.

    An output that is missing or has the wrong form is logged as an error, and ends the program with RunError when it is
    known, in a preview too. A secret output stays secret.

    Args:
        settings: Of an integration, of the secret, or of notifications.
        location: Where the values are used: ARNs must fit it.
        field: Path of these settings in the configuration, for errors.
        other_stacks: Of the program; None where no field names an output.

    Raises ConfigError where a field names an output, and there is no `other_stacks`.

    """
    found: dict[str, Any] = {}
    for each in owned_elsewhere(settings):
        path = f"{field}.{each.path}"
        if isinstance(each.value, list):
            found[each.path] = [
                _value(entry, _Field(f"{path}[{index}]", each.entry_type, location), other_stacks)
                for index, entry in enumerate(each.value)
            ]
        else:
            found[each.path] = _value(each.value, _Field(path, each.type, location), other_stacks)
    return Values(found)


def _value(value: str | StackOutput, field: _Field, other_stacks: OtherStacks | None) -> pulumi.Input[Any]:
    if isinstance(value, str):
        return value
    if other_stacks is None:
        raise ConfigError([Problem(field.path, f"is {value}: pass `other_stacks` to the component")])
    reference = other_stacks.reference(value.stack)
    # Of all other outputs only the names come along: the value of a secret one would make this one secret.
    names = pulumi.Output.unsecret(reference.outputs.apply(lambda outputs: sorted(outputs or {})))
    known = pulumi.Output.all(reference.get_output(value.output), names, reference.secret_output_names)
    return known.apply(lambda each: field.checked(value, *each))
