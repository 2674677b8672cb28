"""The outputs of other stacks that settings name, checked as soon as their values are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from .aws import arns
from .aws.location import AwsLocation
from .config import ConfigError, Problem
from .config.fields import Section
from .config.stack_outputs import StackOutput, output_fields, wrong_value

_DO_NOT_FIT = "outputs of other stacks do not fit the configuration; the errors above name them"


class OtherStacks:
    """References to the stacks whose outputs the settings name.

    A program makes one instance and passes it to every component, so that each stack is read only once.
    """

    def __init__(self) -> None:
        self._references: dict[str, pulumi.StackReference] = {}

    def reference(self, stack: str) -> pulumi.StackReference:
        """The reference to the stack of that full name."""
        if stack not in self._references:
            self._references[stack] = pulumi.StackReference(stack)
        return self._references[stack]


class Values:
    """The values of fields that another stack may export, by the field's path in the settings."""

    def __init__(self, by_path: Mapping[str, Any]) -> None:
        self._by_path = by_path

    def text(self, path: str) -> pulumi.Input[str] | None:
        """The value of a field that holds a text; None if the settings omit it."""
        found: pulumi.Input[str] | None = self._by_path.get(path)
        return found

    def required(self, path: str) -> pulumi.Input[str]:
        """The value of a field that the settings always have."""
        found: pulumi.Input[str] = self._by_path[path]
        return found

    def texts(self, path: str) -> pulumi.Input[Sequence[pulumi.Input[str]]] | None:
        """The value of a field that holds a list; None if the settings omit it."""
        found: pulumi.Input[Sequence[pulumi.Input[str]]] | None = self._by_path.get(path)
        return found


@dataclass(frozen=True)
class _Field:
    """A field that takes an output of another stack, with what its value must be."""

    path: str
    type: Any
    location: AwsLocation

    def checked(self, wanted: StackOutput, value: Any, names: Sequence[str], secrets: Sequence[str] | None) -> Any:
        """The value of the output, if the field accepts it.

        `names` are those of all outputs of that stack, `secrets` those of its secret ones; None if that is not known.

        Raises RunError, after logging the reason, if the field does not accept the value.
        """
        wrong = wrong_value(wanted, self.type, value, names) or arns.misplaced(self.path, value, self.location)
        if wrong:
            if value is not None and (secrets is None or wanted.output in secrets):
                wrong = "does not fit this field; it is secret, so the reason is not shown"
            pulumi.log.error(f"{self.path}: {wanted} {wrong}")
            raise pulumi.RunError(_DO_NOT_FIT)
        return value


def values_of(settings: Section, location: AwsLocation, field: str, other_stacks: OtherStacks | None) -> Values:
    """The values of all fields of these settings that another stack may export, whether written out or exported.

    An output that is missing or does not fit its field is logged as an error. RunError then ends the program, also in
    a preview. A secret output stays secret.

    Args:
        settings: The settings of an integration, of the secret or of notifications.
        location: Where the values are used, which their ARNs must match.
        field: Path of these settings in the configuration, for error messages.
        other_stacks: The stacks that fields may name; None if no field names an output.

    Raises ConfigError if a field names an output and `other_stacks` is None.

    """
    found: dict[str, Any] = {}
    for each in output_fields(settings):
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
    # Only the names of the other outputs are used: the value of a secret output would make this value secret, too.
    names = pulumi.Output.unsecret(reference.outputs.apply(lambda outputs: sorted(outputs or {})))
    known = pulumi.Output.all(reference.get_output(value.output), names, reference.secret_output_names)
    return known.apply(lambda each: field.checked(value, *each))
