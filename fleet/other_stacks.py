"""The outputs of other stacks that settings refer to, read with the Pulumi CLI."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

from components.aws.build_inputs import BuildInputs, KnownInputs
from components.config import StackOutput
from components.config.stack_outputs import wrong_value
from fleet import pulumi_cli
from fleet.errors import FleetError

if TYPE_CHECKING:
    from pathlib import Path

Value = str | StackOutput
Values = Sequence[Value] | StackOutput
Inputs = BuildInputs[Value, Values]
"""What a build uses; some values are known to another stack only."""

_SECRET = "[secret]"  # noqa: S105 - what the CLI prints in place of a value
REMEDY = "let this shell read that stack: docs/fleet.md, Values of other stacks"


class NotKnown(Exception):  # noqa: N818 - a state of another stack, not an error of the program
    """An output of another stack is unknown; the message says which one, and why."""


class OtherStacks:
    """The outputs of other stacks. Each stack is read once, when its first output is needed."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the CLI's working directory."""
        self._folder = folder
        self._read: dict[str, dict[str, Any] | FleetError] = {}
        self._lock = Lock()

    def text(self, value: Value | None) -> str | None:
        """The value of an optional text field.

        Raises NotKnown.
        """
        return self.required(value) if value is not None else None

    def required(self, value: Value) -> str:
        """The value of a required text field.

        Raises NotKnown.
        """
        return value if isinstance(value, str) else str(self._value(value, str))

    def texts(self, values: Values | None) -> list[str] | None:
        """The value of an optional list field.

        Raises NotKnown.
        """
        if isinstance(values, StackOutput):
            return list(self._value(values, list[str]))
        return [self.required(each) for each in values] if values is not None else None

    def known(self, inputs: Inputs) -> KnownInputs:
        """Everything that a build uses, with all values known.

        Raises NotKnown.
        """
        lists = {name: self.texts(getattr(inputs, name)) for name in ("subnet_ids", "security_group_ids")}
        texts = {name: self.text(value) for name, value in inputs.by_name().items() if name not in lists}
        by_name: dict[str, Any] = texts | lists
        return KnownInputs(**by_name)

    def _value(self, wanted: StackOutput, type_: Any) -> Any:
        outputs = self._outputs(wanted.stack)
        if isinstance(outputs, FleetError):
            raise NotKnown(f"{wanted} cannot be read: {' '.join(str(outputs).split())}")
        value = outputs.get(wanted.output)
        if value == _SECRET:
            raise NotKnown(f"{wanted} is secret, and is not read here")
        if wrong := wrong_value(wanted, type_, value, sorted(outputs)):
            raise NotKnown(f"{wanted} {wrong}")
        return value

    def _outputs(self, stack: str) -> dict[str, Any] | FleetError:
        with self._lock:
            if stack not in self._read:
                self._read[stack] = self._asked(stack)
            return self._read[stack]

    def _asked(self, stack: str) -> dict[str, Any] | FleetError:
        try:
            found = pulumi_cli.outputs(self._folder, stack)
        except FleetError as error:
            return error
        return found if isinstance(found, dict) else {}
