"""The region, the errors and the isolation of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pytest
from pulumi_aws import (
    cloudwatch,
    s3,
)

import sandbox
from tests.sandbox import programs

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox.conftest import Make


def test_a_region_that_does_not_exist_is_refused(make: Make) -> None:
    """Without this, a misspelled region passes here, and every call of a deployment fails."""
    with pytest.raises(sandbox.SandboxError, match=r"^aws:region: .* no CodeBuild in a region us-esat-1$"):
        make(programs.project, {"aws:region": "us-esat-1"})


def test_a_token_in_place_of_the_region_is_not_repeated(make: Make) -> None:
    """Without this, a secret that was pasted there appears in the terminal and in CI logs."""
    with pytest.raises(sandbox.SandboxError, match=r"^aws:region: .* in a region of this name$"):
        make(programs.project, {"aws:region": "ghp_a1B2c3D4e5F6g7H8i9"})


def test_a_bucket_is_made_in_every_region(make: Make) -> None:
    """Without this, the sandbox refuses buckets in regions that S3's published list lacks."""
    assert make(lambda: s3.Bucket("files"), {"aws:region": "eusc-de-east-1"}).problems == []


def test_a_missing_region_is_assumed_and_mentioned(project: Path) -> None:
    """Without this, people believe that the stack was checked in their region."""
    result = sandbox.run(project, "dev", {}, program=lambda: None)
    assert result.region == "us-east-1"
    assert "aws:region is not set; assumed us-east-1" in result.notes


def test_an_error_that_a_program_raises_later_is_listed_with_the_other_problems(make: Make) -> None:
    """Without this, one error hides every problem that was found before it."""

    def program() -> None:
        group = cloudwatch.LogGroup("logs", retention_in_days=31)

        def give_up(_: str) -> None:
            raise pulumi.RunError("not like this")

        group.name.apply(give_up)

    assert [str(problem).split(":")[0] for problem in make(program).problems] == [
        "logs (aws",
        "not like this",
    ]


def test_an_unexpected_error_of_the_program_propagates(make: Make) -> None:
    """Without this, a bug in the program looks like a problem of the stack."""
    with pytest.raises(ZeroDivisionError):
        make(lambda: 1 // 0)


def test_the_settings_of_one_run_do_not_reach_the_next(make: Make) -> None:
    """Without this, the result of a test depends on the tests before it."""
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
def test_the_environment_of_the_shell_changes_nothing(
    make: Make, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """Without this, the same stack passes on one machine and fails on another."""

    def program() -> None:
        pulumi.export("extra", pulumi.Config().get("extra") or "none")
        programs.project()

    expected = make(program)
    monkeypatch.setenv(name, value)
    result = make(program)
    assert (result.resources, result.problems, result.outputs) == (expected.resources, [], {"extra": "none"})
