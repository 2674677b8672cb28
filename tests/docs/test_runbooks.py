"""The commands and JSON documents that people copy from the documentation are correct."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3  # type: ignore[import-untyped]
import pytest

import sandbox
from docs.generate import ROOT
from tests.docs.stacks import CONFIGURATIONS, policy

if TYPE_CHECKING:
    from sandbox.graph import Result

DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
OPERATIONS = (ROOT / "docs/operations.md").read_text()


@cache
def production() -> Result:
    """Return the stack that the pages describe."""
    return sandbox.run(ROOT, "prod")


def json_parts(page: str) -> list[Any]:
    """Return the JSON documents in a page, indented or not."""
    return [json.loads(text) for text in re.findall(r"```json\n(.*?)```", page, flags=re.DOTALL)]


def test_the_import_file_names_resources_that_the_stack_creates() -> None:
    """Without the right type, name and parent, an import creates a second resource."""
    (document,) = json_parts(OPERATIONS)
    by_urn = {each.urn: each for each in production().resources}
    made = {}
    for each in production().resources:
        parent = by_urn[each.parent].name if each.parent in by_urn else None
        made[each.type, each.name] = (each.custom, parent)
    for entry in document["resources"]:
        is_custom, parent = made[entry["type"], entry["name"]]
        assert entry.get("component", False) is not is_custom
        assert ("id" in entry) is is_custom
        if is_custom:
            assert entry["parent"] == parent


def test_the_webhook_to_replace_exists_and_its_urn_is_quoted() -> None:
    """Without single quotes, a shell expands `$aws`, and Pulumi finds no such resource."""
    named = re.findall(r"--replace (.*)", OPERATIONS)
    assert named
    for argument in named:
        assert argument.startswith("'")
        assert argument.strip("'") in {each.urn for each in production().resources}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_stack_rm_command_preserves_the_stack_file(document: Any) -> None:
    """Without this, following the page deletes a stack's configuration."""
    commands = re.findall(r"^pulumi stack rm .*$", document.read_text(), flags=re.MULTILINE)
    assert [each for each in commands if "--preserve-config" not in each] == []


def test_the_page_on_permissions_explains_every_statement() -> None:
    page = (ROOT / "docs/permissions.md").read_text()
    statements = {each["Sid"] for name in CONFIGURATIONS for each in policy(name)["Statement"]}
    assert {each for each in statements if f"`{each}`" not in page} == set()


def test_every_documented_token_has_a_type_that_codebuild_supports() -> None:
    """Without the words of CodeBuild's API, CodeBuild cannot read the token's secret."""
    page = (ROOT / "docs/logins.md").read_text()
    operation = (
        boto3.Session(region_name="us-east-1")
        .client("codebuild")
        .meta.service_model.operation_model("ImportSourceCredentials")
    )
    members = operation.input_shape.members
    forms = [json.loads(text) for text in re.findall(r"`(\{.*?\})`", page)]
    assert len(forms) == 4
    for form in forms:
        assert form["ServerType"] in members["serverType"].enum
        assert form["AuthType"] in members["authType"].enum
        assert ("Username" in form) is (form["AuthType"] == "BASIC_AUTH")
