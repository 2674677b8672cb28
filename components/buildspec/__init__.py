"""Renders the buildspec of an integration, and the variables that its build project needs.

The text depends only on the integration's choices. It is the same in every stack, and wherever CodeBuild reads it.
"""

import tarfile
import textwrap
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from typing import Any

import yaml

from ..config import IntegrationSettings, Strategy
from .compose import Choices, lock, pull_request_variables, python_files, script, variables
from .version import VERSION

__all__ = [
    "EXPORTED",
    "MAX_INLINE_CHARACTERS",
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
"""The names in `env.exported-variables`, by which a build reports its results."""

MAX_INLINE_CHARACTERS = 25_600
"""Length of an inline buildspec that AWS accepts: "Max buildspec length is 25600" (aws-cdk issue 30326, PR 14974)."""

_HEADER = (
    f"# Made by conviso-codebuild {VERSION}, whose docs/buildspec.md explains it: change settings, not this text.\n"
)
_END = "END"
_PACKED = "client.tar.bz2"


def render(settings: IntegrationSettings) -> str:
    """Render the buildspec as YAML."""
    return _text(Choices.of(settings))


def render_pull_request(settings: IntegrationSettings) -> str:
    """Render the buildspec of the project that reviews the integration's pull requests, as YAML."""
    return _text(Choices.of_pull_request(settings))


def texts(settings: IntegrationSettings) -> list[str]:
    """The buildspecs of all build projects that the integration has."""
    return [render(settings), *([render_pull_request(settings)] if settings.triggers.pull_requests else [])]


# PyYAML is slow for texts of this size, of which the integrations of a stack have few different ones.
@cache
def _text(choices: Choices) -> str:
    return _HEADER + yaml.dump(_document(choices), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)


def _document(choices: Choices) -> dict[str, Any]:
    """The buildspec as data, with its keys in CodeBuild's order."""
    files = {"build.sh": script(choices), "requirements.txt": lock(choices.client)}
    install = [
        # CodeBuild keeps exported variables between commands. The folder is new, private and outside the source.
        'CONVISO_WORK="$(mktemp -d)" && export CONVISO_WORK',
        *(_written(name, text) for name, text in files.items()),
        _packed(python_files(choices)),
        _phase("prepare"),
    ]
    steps = {
        "choose": True,
        "deploy": choices.strategy is not Strategy.NONE,
        "scan": True,
        # The gate is a separate command, so that CodeBuild's message distinguishes it from a scan that failed.
        "gate": choices.scans.fail_on or choices.scans.rules_file,
    }
    build = [_phase(name) for name, is_chosen in steps.items() if is_chosen]
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


def _packed(files: Mapping[str, str]) -> str:
    """The command that unpacks the files, which would not fit uncompressed.

    They are not compressed with zlib, because its implementations produce different texts from the same content.
    """
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w:bz2") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, BytesIO(text.encode()))
    lines = textwrap.fill(b64encode(packed.getvalue()).decode(), 115)
    return f"base64 -d >\"$CONVISO_WORK/{_PACKED}\" <<'{_END}'\n{lines}\n{_END}\n"


def _phase(name: str) -> str:
    return f'bash "$CONVISO_WORK/build.sh" {name}'


class _Dumper(yaml.SafeDumper):
    """Writes multi-line text as blocks, indents by one space, and writes true as `yes`, which CodeBuild requires."""

    def __init__(self, stream: Any, **options: Any) -> None:
        super().__init__(stream, **options)
        self.best_indent = 1  # PyYAML's option for it accepts nothing below 2


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)
_Dumper.add_representer(
    bool, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:bool", "yes" if value else "no")
)
