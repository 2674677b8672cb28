"""The region, the errors and the isolation of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pytest
from pulumi_aws import (
    cloudwatch,
)

import sandbox
from tests.sandbox import programs

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox.conftest import Make


def test_a_region_that_does_not_exist_is_refused(make: Make) -> None:
    with pytest.raises(sandbox.SandboxError, match=r"^aws:region: .* no CodeBuild in a region us-esat-1$"):
        make(programs.project, {"aws:region": "us-esat-1"})


def test_an_absent_region_is_assumed_and_said(project: Path) -> None:
    result = sandbox.run(project, "dev", {}, program=lambda: None)
    assert result.region == "us-east-1"
    assert "aws:region is not set; assumed us-east-1" in result.notes


def test_a_program_that_gives_up_later_leaves_a_problem_beside_the_others(make: Make) -> None:
    def program() -> None:
        group = cloudwatch.LogGroup("logs", retention_in_days=31)

        def give_up(_: str) -> None:
            raise pulumi.RunError("not like this")

        group.name.apply(give_up)

    assert [str(problem).split(":")[0] for problem in make(program).problems] == [
        "logs (aws",
        "not like this",
    ]


def test_an_unexpected_error_of_the_program_comes_out_as_it_is(make: Make) -> None:
    with pytest.raises(ZeroDivisionError):
        make(lambda: 1 // 0)


def test_the_settings_of_one_run_do_not_reach_the_next(make: Make) -> None:
    make(lambda: None, {"count": 9})
    assert pulumi.Config("shop").get("count") is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_PROFILE", "nobody"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
        ("AWS_CONFIG_FILE", "/nowhere"),
        ("MOTO_ACCOUNT_ID", "999999999999"),
        ("PULUMI_CONFIG", '{"shop:extra": "ambient"}'),
    ],
)
def test_the_surrounding_shell_changes_nothing(
    make: Make, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    def program() -> None:
        pulumi.export("extra", pulumi.Config().get("extra") or "none")
        programs.project()

    expected = make(program)
    monkeypatch.setenv(name, value)
    result = make(program)
    assert (result.resources, result.problems, result.outputs) == (expected.resources, [], {"extra": "none"})
