"""What every section of the configuration shares, and the building blocks of its fields."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from .problems import did_you_mean, shown


class Section(BaseModel):
    """A frozen part of the configuration: camelCase outside, unknown keys and mistyped values refused."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        defer_build=True,  # a section's validator is made once, as a part of the whole
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
        strict=True,
        validate_default=True,
    )

    refused: ClassVar[Mapping[str, str]] = {}
    """Keys that people try here, each with the reason why it does not exist."""

    @classmethod
    def known_keys(cls) -> dict[str, str]:
        """Each key as it is written in a stack file -> the attribute that holds it."""
        return {field.alias or name: name for name, field in cls.model_fields.items()}


def refusal(message: str) -> PydanticCustomError:
    """An error whose text reaches the user as it is."""
    return PydanticCustomError("refused", "{message}", {"message": message})


def choice(choices: type[StrEnum], reasons: Mapping[str, str] | None = None) -> BeforeValidator:
    """Accept a member of `choices` or its text; `reasons` says why a known other text is no choice."""
    allowed = ", ".join(choices)

    def check(value: object) -> object:
        if not isinstance(value, str):
            raise refusal(f"must be one of {allowed}; got {shown(value) if is_plain(value) else 'a map or list'}")
        if value in (reasons or {}):
            raise refusal(f"{(reasons or {})[value]}; must be one of {allowed}; got {shown(value)}")
        try:
            return choices(value)
        except ValueError:
            hint = did_you_mean(value, choices)
            raise refusal(f"must be one of {allowed}; got {shown(value)}{hint}") from None

    return BeforeValidator(check)


def is_plain(value: object) -> bool:
    """Whether a value is one word of YAML: text, number or boolean."""
    return isinstance(value, str | int | float | bool)


@dataclass(frozen=True)
class Matching:
    """The check of a text against a pattern, with both the pattern and the rule in words."""

    pattern: re.Pattern[str]
    rule: str
    show: bool

    def __call__(self, value: str) -> str:
        """The value, if it fully matches."""
        if not self.pattern.fullmatch(value):
            raise refusal(f"must be {self.rule}" + (f"; got {shown(value)}" if self.show else ""))
        return value


def matches(pattern: str, rule: str, *, show: bool = True) -> AfterValidator:
    """Text that fully matches `pattern`; `rule` completes "must be ...". `show=False` keeps the value out."""
    return AfterValidator(Matching(re.compile(pattern), rule, show))


def checked(check: Callable[[Any], str | None]) -> AfterValidator:
    """A validator from a function that returns what is wrong with a value, or None."""

    def validate(value: Any) -> Any:
        message = check(value)
        if message:
            raise refusal(message)
        return value

    return AfterValidator(validate)
