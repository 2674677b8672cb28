"""Integrations in separate files: how they are found, merged with the defaults, and named in errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from components.config import ConfigError, parse_stack
from tests.config.samples import integration, stack

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, name: str, content: Any) -> None:
    """Write a file below the folder: a string unchanged, anything else as YAML."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))


def problems(folder: Path, raw: dict[str, Any]) -> list[str]:
    """Return the problems of an invalid stack, one line each."""
    with pytest.raises(ConfigError) as caught:
        parse_stack(raw, "dev", folder)
    return str(caught.value).splitlines()


def test_every_file_that_a_glob_matches_adds_its_integrations(tmp_path: Path) -> None:
    write(tmp_path, "teams/web.yaml", {"web": integration()})
    write(tmp_path, "teams/mobile/app.yaml", {"app": integration("gitlab")})
    raw = stack(integrationFiles=["teams/*.yaml", "teams/**/*.yaml"], defaults={"scans": {"iac": True}})

    settings = parse_stack(raw, "dev", tmp_path)

    assert sorted(settings.integrations) == ["app", "shop", "web"]
    assert settings.integrations["web"].scans.iac


def test_a_stack_may_keep_all_of_its_integrations_in_files(tmp_path: Path) -> None:
    write(tmp_path, "web.yaml", {"web": integration()})

    assert list(parse_stack({"integrationFiles": ["web.yaml"]}, "dev", tmp_path).integrations) == ["web"]


def test_a_file_is_read_as_the_engine_reads_a_stack_file(tmp_path: Path) -> None:
    """Without the engine's rules for YAML, a branch named `on` becomes the boolean true."""
    write(tmp_path, "web.yaml", "web: {projectKey: x, source: {provider: codecommit, repository: web, version: on}}")

    settings = parse_stack({"integrationFiles": ["web.yaml"]}, "dev", tmp_path)

    assert settings.integrations["web"].source.version == "on"


def test_a_mistake_names_the_file_and_the_integration(tmp_path: Path) -> None:
    write(tmp_path, "teams/web.yaml", {"web": integration(scans={"sast": "everything"})})

    (line,) = problems(tmp_path, {"integrationFiles": ["teams/*.yaml"]})
    assert line.startswith("teams/web.yaml: web.scans.sast: must be one of ")


def test_a_name_that_is_used_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    """Without this check, the later file silently replaces the earlier file's integration."""
    write(tmp_path, "a.yaml", {"shop": integration()})
    write(tmp_path, "b.yaml", {"web": integration()})
    write(tmp_path, "c.yaml", {"web": integration()})

    assert problems(tmp_path, stack(integrationFiles=["*.yaml"])) == [
        "a.yaml: shop: is already defined in integrations.shop",
        "c.yaml: web: is already defined in b.yaml: web",
    ]


@pytest.mark.parametrize("glob", ["", ".", "./", "/etc/*.yaml", "../teams/*.yaml", 7])
def test_a_path_outside_the_project_is_refused(tmp_path: Path, glob: object) -> None:
    """Without this, what a stack deploys depends on files that are not in its repository."""
    assert problems(tmp_path, {"integrationFiles": [glob]}) == [
        "integrationFiles[0]: must be a path inside the project's folder, such as teams/*.yaml"
    ]


@pytest.mark.parametrize("glob", ["teams/*.yaml", "x" * 5000])
def test_a_glob_that_matches_nothing_is_refused(tmp_path: Path, glob: str) -> None:
    """Without this, a folder that was renamed takes the reviews of a whole team away."""
    assert problems(tmp_path, stack(integrationFiles=[glob])) == ["integrationFiles[0]: matches no file"]


@pytest.mark.parametrize("glob", ["teams/**.yaml", "***"])
def test_a_glob_that_python_cannot_read_matches_as_elsewhere_or_is_refused(tmp_path: Path, glob: str) -> None:
    """Without this, the program ends in a stack trace: before version 3.13, Python refuses `**` in a name."""
    (found,) = problems(tmp_path, stack(integrationFiles=[glob]))

    assert found.removeprefix("integrationFiles[0]: ") in {
        "must have ** only as a whole part of the path, such as teams/**/*.yaml",
        "matches no file",
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- web", "web.yaml: must be a map from names to integrations"),
        ("", "web.yaml: must be a map from names to integrations"),
        ("web: [", "web.yaml: is not valid YAML: line 2: "),
        ("web: {}\nweb: {}", "web.yaml: is not valid YAML: line 2: "),
        ("web: {}\n---\napp: {}", "web.yaml: is not valid YAML: line 3: a second document begins here"),
        ("{}", "integrations: must name at least one repository"),
    ],
)
def test_a_file_without_valid_integrations_is_one_problem(tmp_path: Path, content: str, message: str) -> None:
    write(tmp_path, "web.yaml", content)

    (line,) = problems(tmp_path, {"integrationFiles": ["web.yaml"]})
    assert line.startswith(message)


def test_the_name_of_a_file_is_shown_on_one_line(tmp_path: Path) -> None:
    """Without this, a file's name can add lines of its own to the errors."""
    write(tmp_path, "a\nb.yaml", "- web")

    assert problems(tmp_path, {"integrationFiles": ["*.yaml"]}) == [
        r"a\nb.yaml: must be a map from names to integrations"
    ]
