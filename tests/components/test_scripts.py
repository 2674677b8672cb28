"""The shell and Python files of the build: valid, and unchanged when they reach it."""

from __future__ import annotations

import ast
import os
import re
import subprocess
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest

from components.buildspec import compose
from tests.components.rendered import AST, CASES, document, files, shellcheck, unpacked
from tests.config.samples import settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", CASES)
def test_bash_parses_the_script_and_every_command(name: str) -> None:
    rendered = document(CASES[name])
    commands = chain.from_iterable(phase["commands"] for phase in rendered["phases"].values())
    for text in [*commands, files(rendered)["build.sh"]]:
        done = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", CASES)
def test_shellcheck_finds_nothing(name: str) -> None:
    """Without this, a quoting mistake reaches every build."""
    assert shellcheck(compose.commented_script(compose.Choices.of(CASES[name]))) == ""


def test_the_python_files_parse_on_the_oldest_python_that_the_client_supports() -> None:
    """Without this, newer syntax breaks builds on images with an older Python."""
    for name in ("all-together", "conviso-ast"):
        for file, text in files(document(CASES[name])).items():
            if file.endswith(".py"):
                ast.parse(text, feature_version=(3, 9))


def test_no_text_in_an_f_string_needs_quotes() -> None:
    """Without this, Python 3.12 renders another buildspec than 3.11, which older Pythons of a build cannot parse.

    Since 3.12, `ast.unparse` quotes such a text like the f-string around it.
    """
    for name in ("all-together", "conviso-ast"):
        for file, text in files(document(CASES[name])).items():
            if file.endswith(".py"):
                fields = [each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.FormattedValue)]
                quoted = [each for field in fields for each in ast.walk(field.value) if isinstance(each, ast.Constant)]
                assert [each.value for each in quoted if isinstance(each.value, str)] == [], file


def test_the_build_writes_every_file_unchanged(tmp_path: Path) -> None:
    """Without quoting, bash expands parts of the scripts while the build writes them to files."""
    rendered = document(CASES["all-together"])
    for command in rendered["phases"]["install"]["commands"]:
        if command.startswith(("cat >", "base64 -d >")):
            subprocess.run(["bash", "-c", command], env={**os.environ, "CONVISO_WORK": str(tmp_path)}, check=True)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    packed = unpacked(written.pop("client.tar.bz2"))
    assert {name: content.decode() for name, content in written.items()} | packed == files(rendered)


@pytest.mark.parametrize("client", [{}, AST], ids=["conviso-flowcli", "conviso-ast"])
def test_every_package_is_pinned_by_version_and_hash(client: dict[str, Any]) -> None:
    """Without pins, builds run whatever code the package index serves, with access to the API key."""
    strategy = "none" if client else "git-tree"
    lock = compose.lock(settings(review={"strategy": strategy}, client=client or None).client)
    assert len(lock.splitlines()) == 25
    for line in lock.splitlines():
        assert re.fullmatch(r"[A-Za-z0-9_-]+==[0-9.]+( [0-9a-f]{64}){1,4}", line), line
