"""What the sandbox knows of this program: its buildspecs, and how they differ from a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.buildspec import render
from components.config import parse_stack
from sandbox import SandboxError, product, stack_file

ROOT = Path(__file__).parents[2]
STACK = """\
config:
  conviso-codebuild:integrations:
    shop:
      projectKey: k1
      source: {provider: github, repository: "https://github.com/acme/shop.git", version: main}
      buildspec: LOCATION
"""


@pytest.fixture(name="folder", params=["{location: inline}", "{location: repository, path: ci.yml}"])
def _folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text((ROOT / "Pulumi.yaml").read_text())
    (tmp_path / "Pulumi.dev.yaml").write_text(STACK.replace("LOCATION", request.param))
    return tmp_path


def rendered(folder: Path, name: str) -> str:
    return product.rendered(stack_file.load(folder, "dev"), name)


def test_a_buildspec_is_rendered_wherever_it_is_stored(folder: Path) -> None:
    """Without this, the text to commit differs from the one that a project contains."""
    raw = {
        "integrations": {
            "shop": {
                "projectKey": "k1",
                "source": {"provider": "github", "repository": "https://github.com/acme/shop.git", "version": "main"},
            }
        }
    }
    expected = render(parse_stack(raw, "dev").integrations["shop"])
    assert rendered(folder, "shop") == expected


def test_the_buildspec_for_pull_requests_is_found_by_the_name_with_pr(folder: Path) -> None:
    """Without this, nobody can read what the builds of pull requests run."""
    file = folder / "Pulumi.dev.yaml"
    file.write_text(f"{file.read_text()}      triggers: {{pullRequests: {{}}}}\n")
    if "location: repository" in file.read_text():
        with pytest.raises(SandboxError, match=r"triggers\.pullRequests: is not supported with buildspec\.location"):
            rendered(folder, "shop-pr")
        return
    text, own = rendered(folder, "shop-pr"), rendered(folder, "shop")
    assert ("guard_base()" in text, "guard_base()" in own) == (True, False)


def test_the_error_about_an_unknown_integration_lists_those_that_exist(folder: Path) -> None:
    """Without this, people have to look in the stack file for the right name."""
    with pytest.raises(SandboxError) as caught:
        rendered(folder, "shops")
    assert str(caught.value) == "stack dev has no integration shops; it has: shop"


def test_a_wrong_configuration_is_refused_with_its_problems(folder: Path) -> None:
    """Without this, a buildspec is rendered for a stack that cannot be deployed."""
    file = folder / "Pulumi.dev.yaml"
    file.write_text(file.read_text().replace("github,", "svn,"))
    with pytest.raises(SandboxError, match=r"The configuration of stack dev has problems:\nintegrations\.shop"):
        rendered(folder, "shop")


def test_a_file_with_the_same_text_does_not_differ(tmp_path: Path) -> None:
    """Without this, the check fails for every repository."""
    (tmp_path / "ci.yml").write_text("version: 0.2\n")
    assert list(product.difference("version: 0.2\n", tmp_path / "ci.yml")) == []


def test_a_file_with_another_text_differs_by_lines(tmp_path: Path) -> None:
    """Without this, people learn that a buildspec is stale, but not what changed."""
    path = tmp_path / "ci.yml"
    path.write_text("version: 0.1\n")
    assert list(product.difference("version: 0.2\n", path)) == [
        f"--- {path}\n",
        "+++ rendered from the configuration\n",
        "@@ -1 +1 @@\n",
        "-version: 0.1\n",
        "+version: 0.2\n",
    ]


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    """Without this, a wrong path ends in a stack trace."""
    with pytest.raises(SandboxError, match=r"ci\.yml can't be read: No such file"):
        list(product.difference("", tmp_path / "ci.yml"))
