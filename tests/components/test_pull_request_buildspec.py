"""The buildspec of the build project for pull requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from components.buildspec import (
    MAX_INLINE_CHARACTERS,
    compose,
    pull_request_variables,
    render,
    render_pull_request,
    variables,
)
from tests.components.rendered import AST, EVERYTHING, shellcheck
from tests.config import samples
from tests.config.samples import settings, short

if TYPE_CHECKING:
    from components.config import IntegrationSettings


CLIENTS: dict[str, dict[str, Any]] = {
    "conviso-flowcli": {},
    "conviso-ast": {"review": {"strategy": "none"}, "client": AST},
}
TEXTS: dict[str, IntegrationSettings] = {
    f"{name}, {'report' if report else 'no report'}": settings(
        scans=EVERYTHING, triggers={"pullRequests": {"report": report}}, **client
    )
    for name, client in CLIENTS.items()
    for report in (False, True)
}
"""The buildspec of each client with the most steps."""


@pytest.mark.parametrize("name", TEXTS)
def test_the_buildspec_creates_no_deploy_and_closes_no_findings(name: str) -> None:
    """Without this, code that may never be merged changes what the platform knows about the main branch."""
    text = render_pull_request(TEXTS[name])

    assert [
        word for word in ("deploy create", "ast run", "auto-close", "last-deploy") if f"conviso {word}" in text
    ] == []
    assert "--vulnerability-auto-close" not in text


@pytest.mark.parametrize("name", TEXTS)
def test_aws_accepts_the_buildspec_inline(name: str) -> None:
    assert len(render_pull_request(TEXTS[name])) <= MAX_INLINE_CHARACTERS


@pytest.mark.parametrize("name", TEXTS)
def test_shellcheck_finds_nothing(name: str) -> None:
    assert shellcheck(compose.commented_script(compose.Choices.of_pull_request(TEXTS[name]))) == ""


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ({"scans": {"sca": False}}, {"scanners/sast", "sast_range/pull_request", "report/unsent"}),
        ({"scans": {"sast": "none"}}, {"scanners/sca", "report/unsent"}),
        (
            {"scans": {"sast": "none"}, "triggers": {"pullRequests": {"report": True}}},
            {"scanners/sca", "report/sent"},
        ),
        (
            {"scans": {"sast": "none", "rulesFile": "r.yml"}},
            {"scanners/sca", "report/unsent", "gates/rules_of_base"},
        ),
    ],
    ids=short,
)
@pytest.mark.parametrize("strategy", samples.STRATEGIES)
def test_a_choice_adds_only_its_own_scripts(strategy: str, choices: dict[str, Any], expected: set[str]) -> None:
    """Without this, a build could contain a step that nobody chose, or lack one that somebody did."""
    chosen = settings(review={"strategy": strategy}, **{"triggers": {"pullRequests": {}}, **choices})

    parts = compose.parts(compose.Choices.of_pull_request(chosen))
    slots = {"deploy", "fetch", "base", "sast_range", "report", "scanners", "gates"}
    assert {part for part in parts if part.split("/")[0] in slots} == expected | {"base/pull_request"}


def test_pull_requests_do_not_change_the_integrations_own_buildspec() -> None:
    """Without this, enabling pull requests changes what builds of pushes run."""
    chosen = settings(triggers={"pullRequests": {"report": True}}, scans=EVERYTHING)

    assert render(chosen) == render(settings(scans=EVERYTHING))


def test_the_base_branch_comes_from_the_project_and_not_from_the_event() -> None:
    """Without this, the author of a pull request can choose what its changes are compared with."""
    chosen = settings(
        source={"version": "refs/heads/main"},
        review={"strategy": "tags-by-time", "tagPrefix": "v"},
        triggers={"pullRequests": {}},
    )

    assert pull_request_variables(chosen) == {
        "FLOW_PROJECT_CODE": "kXyZ12",
        "CONVISO_BASE_BRANCH": "main",
        "CONVISO_BASE_REPOSITORY": "https://github.com/acme/shop-api.git",
    }
    assert "CONVISO_BASE_BRANCH" not in variables(chosen)
