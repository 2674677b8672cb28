"""The doctor reads buildspecs that the stack keeps in a bucket."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from fleet import permissions
from fleet.doctor import FINDINGS, Extra, Row, examine
from tests.fleet.test_permissions import refused
from tests.fleet.world import Denied, Made, World, deploy
from tests.harness import HERE

if TYPE_CHECKING:
    from fleet.stack import Stack

OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
BILLING = "conviso-prod-billing"


class NoSuchKey(Denied):
    """S3's answer about an object that does not exist."""

    code, message = "NoSuchKey", "The specified key does not exist."


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A stack whose buildspecs are in a bucket."""
    return deploy(tmp_path_factory.mktemp("stack"), defaults={"buildspec": {"location": "bucket"}})


@pytest.fixture
def stored(made: Made, deployed: tuple[World, Stack]) -> tuple[World, Stack]:
    """The same, with an S3 that returns the objects: moto reads the bucket's policy as one that refuses everybody."""
    objects = {each.inputs["key"]: each.inputs["content"] for each in made.result.resources if each.type == OBJECT}
    deployed[0].answers["s3", "get_object"] = lambda asked: {"Body": BytesIO(objects[asked["Key"]].encode())}
    return deployed


def findings(deployed: tuple[World, Stack]) -> list[Row]:
    world, stack = deployed
    return [row for group in examine(stack, world, Extra()) for row in group if row.state in FINDINGS]


def test_a_new_stack_has_no_finding_and_its_policy_allows_every_call(
    stored: tuple[World, Stack],
) -> None:
    """Without this, the ARN of the object would be taken for a buildspec that somebody changed."""
    world, stack = stored

    assert findings(stored) == []
    assert ("s3", "get_object") in {(service, operation) for service, operation, _ in world.asked}
    assert refused(world, permissions.doctor("prod", stack.settings, HERE)) == set()


def test_another_text_in_the_object_is_a_finding(stored: tuple[World, Stack]) -> None:
    """Without this, whoever may write to the bucket could change what all builds run, and nobody would see it."""
    stored[0].say("s3", "get_object", {"Body": BytesIO(b"version: 0.2\n")})

    assert {row.check for row in findings(stored) if row.integration == "billing"} == {"buildspec", "client"}


def test_a_missing_object_is_a_finding(stored: tuple[World, Stack]) -> None:
    """Without this, all builds would fail, and the doctor would call the stack healthy."""
    stored[0].say("s3", "get_object", NoSuchKey())

    (row,) = (row for row in findings(stored) if row.integration == "billing")
    assert (row.check, row.remedy) == ("buildspec", "pulumi up --refresh --stack prod")
    assert "does not exist" in row.found


def test_an_inline_text_in_place_of_the_object_is_a_finding(stored: tuple[World, Stack]) -> None:
    """Without this, a stack file that was switched to the bucket would look deployed."""
    world, _ = stored
    source = world.projects[BILLING]["source"]
    bucket, _, key = source["buildspec"].removeprefix(HERE.s3_arn("")).partition("/")
    source["buildspec"] = world.ask("s3", "get_object", Bucket=bucket, Key=key)["Body"].decode()

    found = {row.check: row.found for row in findings(stored) if row.integration == "billing"}
    assert found.keys() == {"buildspec", "role"}
    assert found["buildspec"] == "inline, not in the stack's bucket"


def test_the_same_text_in_somebody_elses_bucket_is_a_finding(stored: tuple[World, Stack]) -> None:
    """Without this, the owner of that bucket could change the text after the doctor has read it."""
    source = stored[0].projects[BILLING]["source"]
    source["buildspec"] = HERE.s3_arn("somebody-elses", source["buildspec"].rsplit("/", 1)[-1])

    assert {row.check for row in findings(stored) if row.integration == "billing"} == {"role"}
