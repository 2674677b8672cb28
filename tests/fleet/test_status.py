"""What builds report about themselves, as a table and as a page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fleet.__main__ import FINDINGS, FINE, main
from fleet.builds import Build
from fleet.commands import stack_commands as command
from fleet.page import page
from fleet.status import NOTHING, SCANS, Review, Scan, reviews
from tests.fleet.world import NOW, Gone, build

if TYPE_CHECKING:
    from pathlib import Path

    from fleet.stack import Stack
    from tests.fleet.world import World

SHOP, BILLING = "conviso-prod-shop-api", "conviso-prod-billing"
COMMIT, BEFORE = "8ac1b9f0d2e3c4b5a697887766554433221100ff", "1111111111e3c4b5a697887766554433221100ff"
TOLD = {
    "CONVISO_DEPLOY": "created",
    "CONVISO_CURRENT_COMMIT": COMMIT,
    "CONVISO_PREVIOUS_COMMIT": BEFORE,
    "CONVISO_SAST": "done",
    "CONVISO_SAST_FINDINGS": "3",
    "CONVISO_SCA": "done",
    "CONVISO_SCA_FINDINGS": "4",
    "CONVISO_GATE": "open",
}


def review(world: World, stack: Stack, name: str) -> Review:
    return next(each for each in reviews(stack, world) if each.integration == name)


def test_a_review_is_what_the_last_build_exported(deployed: tuple[World, Stack]) -> None:
    """Without this, the table would show other results than the build's own summary."""
    world, stack = deployed
    world.builds[SHOP] = build(SHOP, **TOLD)

    found = review(world, stack, "shop-api")
    assert found.deployed == "8ac1b9f0d since 111111111"
    assert found.scans["SAST"] == Scan(result="done", findings=3)
    assert found.scans["IAC"] == Scan(result="", findings=None)
    assert (found.findings, found.gate, found.is_fine) == (7, "open", True)


@pytest.mark.parametrize(
    ("told", "deployed_since"),
    [
        ({"CONVISO_CURRENT_TAG": "v1.4.0", "CONVISO_PREVIOUS_TAG": "v1.3.0"}, "v1.4.0 since v1.3.0"),
        ({"CONVISO_PREVIOUS_COMMIT": NOTHING}, "8ac1b9f0d, everything"),
        ({"CONVISO_CURRENT_COMMIT": ""}, ""),
    ],
)
def test_a_deploy_is_shown_with_its_tags_or_commits(
    deployed: tuple[World, Stack], told: dict[str, str], deployed_since: str
) -> None:
    """Without this, you could not tell which versions were reviewed."""
    world, stack = deployed
    world.builds[SHOP] = build(SHOP, **TOLD | told)

    assert review(world, stack, "shop-api").deployed == deployed_since


@pytest.mark.parametrize(
    "last",
    [
        None,
        build(SHOP, "FAILED"),
        build(SHOP, CONVISO_GATE="closed"),
        build(SHOP, CONVISO_SCA="failed"),
        build(SHOP, CONVISO_DEPLOY="failed"),
    ],
    ids=["none", "failed", "gate", "scan", "deploy"],
)
def test_a_review_that_is_incomplete_is_not_fine(deployed: tuple[World, Stack], last: dict[str, object] | None) -> None:
    """Without this, a repository that nobody reviews would look like one without findings."""
    world, stack = deployed
    world.builds |= {SHOP: last} if last else {}
    if last is None:
        del world.builds[SHOP]

    assert not review(world, stack, "shop-api").is_fine


def test_a_project_that_no_longer_exists_has_no_build(deployed: tuple[World, Stack]) -> None:
    """Without this, one deleted project would hide the whole stack."""
    world, stack = deployed
    world.say("codebuild", "list_builds_for_project", Gone())

    assert {each.status for each in reviews(stack, world)} == {"NONE"}


def test_an_integration_that_was_not_deployed_is_listed_without_a_build(deployed: tuple[World, Stack]) -> None:
    """Without this, the list would lack a repository that the stack file names, and nobody would notice."""
    world, stack = deployed
    made = {name: each for name, each in stack.outputs.integrations.items() if name != "billing"}
    stack = replace(stack, outputs=stack.outputs.model_copy(update={"integrations": made}))

    found = review(world, stack, "billing")
    assert (found.status, found.is_fine) == ("NONE", False)


def run(world: World, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(command, "Aws", lambda _: world)
    return main(["status", "--stack", "prod", "--outputs", "outputs.json", *arguments])


def test_the_table_has_a_line_for_each_repository_and_the_exit_code_says_whether_all_is_fine(
    deployed: tuple[World, Stack], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, a script could not tell whether somebody has to look."""
    world, _ = deployed
    world.builds[SHOP] = build(SHOP, **TOLD)

    assert run(world, monkeypatch) == FINE
    said = capsys.readouterr().out
    line = next(line for line in said.splitlines() if line.startswith("shop-api"))
    assert re.split(r"\s{2,}", line.strip()) == [
        *("shop-api", "SUCCEEDED", "0.1", "8ac1b9f0d since 111111111", "done, 3", "done, 4", "7", "open")
    ]
    assert said.endswith("3 repositories: 3 fine; 7 findings in their last builds\n")


def test_machines_get_the_reviews_as_json(
    deployed: tuple[World, Stack], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, a dashboard would have to parse a table."""
    world, _ = deployed
    world.builds[BILLING] = build(BILLING, "FAILED")

    assert run(world, monkeypatch, "--json") == FINDINGS
    found = {each["integration"]: each for each in json.loads(capsys.readouterr().out)}
    assert found["billing"]["status"] == "FAILED"
    assert [found[name]["fine"] for name in ("shop-api", "billing")] == [True, False]


def _review(**values: str) -> Review:
    defaults = {"integration": "shop", "repository": "github x", "status": "SUCCEEDED", "deploy": "created"}
    return Review(
        **{"deployed": "v1", "gate": "open", "console_url": "https://console.example/", **defaults, **values},
        started=NOW,
        scans=dict.fromkeys(SCANS, Scan(result="done", findings=1)),
    )


HOSTILE = "<script>alert(1)</script>\"' onload=x ${rows}"


@pytest.mark.parametrize("field", ["integration", "repository", "status", "deploy", "deployed", "gate", "console_url"])
def test_what_builds_and_hosts_say_is_text_on_the_page(field: str) -> None:
    """Without this, the name of a tag could run a script in the browser of whoever opens the page."""
    plain = page("prod", [_review()], NOW)
    found = page("prod", [_review(**{field: HOSTILE})], NOW)

    assert found.count("<script") == plain.count("<script") == 1
    assert "alert(1)</script>" not in found
    assert '" onload' not in found.replace("&quot;", "")


def test_a_url_of_another_scheme_is_not_a_link() -> None:
    """Without this, a click could run a script."""
    assert "javascript:" not in page("prod", [_review(console_url="javascript:alert(1)")], NOW)


def test_the_page_loads_nothing_from_elsewhere(
    deployed: tuple[World, Stack], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without this, the page would tell a stranger who opens it, and break where the network is closed."""
    world, _ = deployed
    run(world, monkeypatch, "--html", str(tmp_path / "page.html"))

    text = (tmp_path / "page.html").read_text()
    assert re.findall(r"""(?:\bsrc=|<link|@import|url\(|fetch\(|import\()""", text) == []
    assert "default-src 'none'" in text
    assert text.count("<tr data-fine=") == len(world.projects) - 1  # the one for pull requests has no line


def test_the_age_of_a_build_is_in_days() -> None:
    """Without this, a build of today could look like one of last month."""
    made = Build(id="x:1", status="SUCCEEDED", started=NOW, reason="", exported={}, commit="", log=None)

    assert made.days(NOW) == 0
