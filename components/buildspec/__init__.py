"""The buildspec of an integration, and the variables that its build project needs.

The text depends on the choices alone: it is the same for every stack, inline or in a repository.
"""

from functools import cache
from typing import Any

import yaml

from ..config import IntegrationSettings, Strategy
from .compose import Choices, lock, pull_request_variables, python_files, script, variables
from .version import VERSION

__all__ = [
    "EXPORTED",
    "MAX_INLINE_CHARACTERS",
    "document",
    "pull_request_variables",
    "render",
    "render_pull_request",
    "texts",
    "variables",
]

EXPORTED = tuple(
    f"CONVISO_{name}"
    for name in (
        "DEPLOY",
        "DEPLOY_ID",
        "CURRENT_TAG",
        "CURRENT_COMMIT",
        "PREVIOUS_TAG",
        "PREVIOUS_COMMIT",
        "SAST",
        "SAST_RANGE",
        "SAST_FINDINGS",
        "SCA",
        "SCA_FINDINGS",
        "IAC",
        "IAC_FINDINGS",
        "GATE",
    )
)
"""What a build tells of itself, in `env.exported-variables`."""

MAX_INLINE_CHARACTERS = 25_600
"""AWS refuses a longer inline text: "Max buildspec length is 25600" (aws-cdk issue 30326 and PR 14974)."""

_HEADER = (
    f"# Made by conviso-codebuild {VERSION}, whose docs/buildspec.md explains it: change settings, not this text.\n"
)
_END = "END"


def render(settings: IntegrationSettings) -> str:
    """The buildspec as YAML text."""
    return _text(Choices.of(settings))


def render_pull_request(settings: IntegrationSettings) -> str:
    """The buildspec of the project that reviews the integration's pull requests, as YAML text."""
    return _text(Choices.of_pull_request(settings))


def texts(settings: IntegrationSettings) -> list[str]:
    """The buildspec of each build project that the integration has."""
    return [render(settings), *([render_pull_request(settings)] if settings.triggers.pull_requests else [])]


# PyYAML takes its time for a text of this size, and a stack's integrations have few different ones.
@cache
def _text(choices: Choices) -> str:
    return _HEADER + yaml.dump(_document(choices), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)


def document(settings: IntegrationSettings) -> dict[str, Any]:
    """The buildspec as data, its keys in CodeBuild's order."""
    return _document(Choices.of(settings))


def _document(choices: Choices) -> dict[str, Any]:
    files = {"build.sh": script(choices), **python_files(choices), "requirements.txt": lock(choices.client)}
    install = [
        # CodeBuild's shell keeps what is exported; the folder is private, fresh, and outside of the source.
        'CONVISO_WORK="$(mktemp -d)" && export CONVISO_WORK',
        *(_written(name, text) for name, text in files.items()),
        _phase("prepare"),
    ]
    build = [_phase("scan")]
    if choices.strategy is not Strategy.NONE:
        build.insert(0, _phase("deploy"))
    return {
        "version": 0.2,
        "env": {"shell": "bash", "git-credential-helper": True, "exported-variables": list(EXPORTED)},
        "phases": {
            "install": {"commands": install},
            "build": {"commands": build},
            "post_build": {"commands": [_phase("summary") + ' && . "$CONVISO_WORK/state"']},
        },
    }


def _written(name: str, text: str) -> str:
    return f"cat >\"$CONVISO_WORK/{name}\" <<'{_END}'\n{text}{_END}\n"


def _phase(name: str) -> str:
    return f'bash "$CONVISO_WORK/build.sh" {name}'


class _Dumper(yaml.SafeDumper):
    """Blocks for text of several lines, and `yes` for true: CodeBuild wants that word."""


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)
_Dumper.add_representer(
    bool, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:bool", "yes" if value else "no")
)
