"""What is wrong with a configuration, in words for the person who wrote it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake: the path of the field (`source.provider`) and what to do about it."""

    path: str
    message: str

    def under(self, prefix: str) -> "Problem":
        """The same problem, seen from further up the configuration."""
        return Problem(f"{prefix}.{self.path}" if self.path else prefix, self.message)

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class ConfigError(ValueError):
    """Every problem of a configuration at once, one line each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def shown(value: object) -> str:
    """A value as an error message may show it: in the spelling of YAML, 60 characters at most."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return str(value)
    if re.search(r"[:/].*@", value):
        return "text that is not shown, since it may hold a password"
    return f'"{value}"' if len(value) <= 60 else f'"{value[:57]}..."'


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """The closest known name as a closing half-sentence; empty where none is near."""
    by_lower_case = {name.lower(): name for name in known}
    near = get_close_matches(given.lower(), by_lower_case, n=1)
    return f"; did you mean {by_lower_case[near[0]]}?" if near else ""
