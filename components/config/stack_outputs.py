"""Fields that accept `{stack, output}`, an output of another stack, instead of the value itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import Discriminator, Field, Tag, TypeAdapter, ValidationError

from .fields import Section, Text, matches
from .problems import errors_of, explained, sections
from .redaction import did_you_mean

SCHEMA_VERSION = 1
"""Version of the form of this program's own stack outputs. It increases only when a field is renamed or removed."""

Value = TypeVar("Value")


class StackOutput(Section):
    """An output of another stack."""

    stack: Annotated[
        str,
        matches(
            r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}",
            "a stack's full name such as acme/network/prod; a self-managed backend has the organization `organization`",
        ),
    ] = Field(description="Full name of the stack: organization, project and stack")
    output: Text = Field(description="Name of the output")

    def __str__(self) -> str:
        """The output in words, for error messages and descriptions."""
        return f"output {self.output} of stack {self.stack}"


_ITSELF, _OUTPUT = "value", "stackOutput"


def _form(value: object) -> str:
    return _OUTPUT if isinstance(value, dict | StackOutput) else _ITSELF


OrOutput = Annotated[
    Annotated[Value, Tag(_ITSELF)] | Annotated[StackOutput, Tag(_OUTPUT)],
    Discriminator(_form),
]
"""The value itself, or the output of another stack that exports it."""


@dataclass(frozen=True)
class OutputField:
    """A field, present in some settings, that accepts an output of another stack."""

    path: str
    """Path in these settings, such as `source.auth.connectionArn` or `environment.vpc.subnetIds`."""
    value: Any
    """A text, an output, or a list of texts and outputs."""
    type: Any
    """The type of the value itself."""

    @property
    def entry_type(self) -> Any:
        """The type of the entries if the field is a list; None for all other fields."""
        bare = get_args(self.type)[0] if get_origin(self.type) is Annotated else self.type
        return _itself(get_args(bare)[0]) if get_origin(bare) is list else None

    @property
    def outputs(self) -> tuple[StackOutput, ...]:
        """The outputs that the field names."""
        values = self.value if isinstance(self.value, list) else [self.value]
        return tuple(each for each in values if isinstance(each, StackOutput))


def output_fields(settings: Section, path: str = "") -> Iterator[OutputField]:
    """The fields, present in these settings, that accept an output of another stack."""
    for key, name in type(settings).known_keys().items():
        value = getattr(settings, name)
        here = f"{path}.{key}".removeprefix(".")
        itself = _itself(type(settings).model_fields[name].annotation)
        if itself is not None and value is not None:
            yield OutputField(here, value, itself)
        elif isinstance(value, Section):
            yield from output_fields(value, here)


def output_field_paths(annotation: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of all fields that accept an output of another stack, in settings of this type."""
    for section in sections(annotation):
        for key, name in section.known_keys().items():
            inner = section.model_fields[name].annotation
            if _itself(inner) is not None:
                yield (*path, key)
            else:
                yield from output_field_paths(inner, (*path, key))


def wrong_value(wanted: StackOutput, type_: Any, value: Any, names: Sequence[str]) -> str | None:
    """Why a field cannot take the value of an output; None if it can.

    Args:
        wanted: The output.
        type_: The type of the field.
        value: The value that the other stack exports; None if it has no such output.
        names: The names of all outputs of the other stack.

    """
    if value is None:
        exported = f"that stack exports {', '.join(names)}" if names else "that stack exports nothing"
        return f"does not exist{did_you_mean(wanted.output, names)}; {exported}"
    return mistake(type_, value)


def mistake(type_: Any, value: Any) -> str | None:
    """Why a field of that type cannot take the value itself; None if it can."""
    try:
        checked = TypeAdapter(type_).validate_python(value, strict=True)
    except ValidationError as error:
        problems = [explained(each, type_) for each in errors_of(error)]
        return "; ".join(
            f"has an entry {each.path} that {each.message}" if each.path else each.message for each in problems
        )
    if isinstance(checked, list) and any(isinstance(entry, StackOutput) for entry in checked):
        return "must hold the values themselves, not outputs of further stacks"
    return None


def _itself(annotation: Any) -> Any:
    """The type of the value itself if the field accepts an output instead; None for all other fields."""
    if get_origin(annotation) is Annotated:
        return _itself(get_args(annotation)[0])
    if get_origin(annotation) not in (Union, UnionType):
        return None
    for member in get_args(annotation):
        if get_origin(member) is Annotated and Tag(_ITSELF) in member.__metadata__:
            others = tuple(each for each in member.__metadata__ if not isinstance(each, Tag))
            return Annotated[get_args(member)[0], *others] if others else get_args(member)[0]
        if (found := _itself(member)) is not None:
            return found
    return None
