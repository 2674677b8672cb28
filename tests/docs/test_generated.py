"""The generated files are up to date, and the schema accepts the stack files that the program accepts."""

import copy
import json
from typing import Any

import pytest

from components.config import yaml_reader
from docs import generate
from docs.generate import ROOT, recipes
from tests.docs.json_schema import is_valid

SCHEMA = json.loads((ROOT / "docs/schema.json").read_text())
STACK_FILES = [*ROOT.glob("Pulumi.*.yaml"), *recipes()]
ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:conviso-AbCdEf"

INTEGRATION: dict[str, Any] = {
    "projectKey": "kXyZ12",
    "source": {"provider": "github", "repository": "https://github.com/acme/shop.git", "version": "main"},
}


def stack(integration: Any = INTEGRATION, **keys: Any) -> dict[str, Any]:
    own = {"integrations": {"shop": integration}, **keys}
    return {"config": {f"conviso-codebuild:{key}": value for key, value in own.items()}}


def with_field(**fields: Any) -> dict[str, Any]:
    return stack({**copy.deepcopy(INTEGRATION), **fields})


def test_every_generated_file_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    """Without this, the documentation and the schema describe fields as they were before a change."""
    assert generate.main(["--check"]) == 0, capsys.readouterr().out


def test_check_names_stale_files_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "generated", lambda: {ROOT / "README.md": "something else"})
    before = (ROOT / "README.md").read_text()
    assert generate.main(["--check"]) == 1
    assert "README.md: stale" in capsys.readouterr().out
    assert (ROOT / "README.md").read_text() == before


@pytest.mark.parametrize("path", STACK_FILES, ids=lambda path: path.name)
def test_the_schema_accepts_every_stack_file_in_the_repository(path: Any) -> None:
    """Without this, editors mark valid stack files as wrong."""
    assert is_valid(yaml_reader.read(path.read_text()), SCHEMA)


@pytest.mark.parametrize(
    "accepted",
    [
        stack(),
        stack(apiKey={"secure": "v1:abc"}),
        stack(secret={"existingArn": ARN}),
        stack(secret={"name": "conviso", "value": "external"}),
        stack({"projectKey": "kXyZ12", "source": {"repository": "https://github.com/acme/shop.git"}}),
        stack(None, defaults={"source": INTEGRATION["source"]}) | {"encryptionsalt": "v1:abc"},
        with_field(scans={"failOn": None}),
        with_field(tags={"owner": None}),
        with_field(logs={"destination": "s3", "bucket": {"stack": "acme/logs/prod", "output": "bucket"}}),
        with_field(triggers={"push": {"filePaths": ["src/**"]}, "tags": "v*"}),
        {"config": {"aws:region": "us-east-1", **stack()["config"]}},
    ],
    ids=lambda value: json.dumps(value)[-60:],
)
def test_the_schema_accepts_a_valid_stack_file(accepted: Any) -> None:
    assert is_valid(accepted, SCHEMA)


@pytest.mark.parametrize(
    "refused",
    [
        {},
        {"config": {}},
        {"config": {"conviso-codebuild:integrations": {}}},
        {"config": {"conviso-codebuild:integrations": []}},
        {"config": {"conviso-codebuild:integrations": {"Shop": INTEGRATION}}},
        stack(integration="shop"),
        stack(apiKey="in plain text"),
        stack(secret={"existingArn": ARN, "name": "both"}),
        stack(secret={"value": "nowhere"}),
        stack(defaults={"projectKey": "kXyZ12"}),
        stack(nonsense=True),
        with_field(projectKey=12),
        with_field(nonsense=True),
        with_field(source={"provider": "codepipeline"}),
        with_field(source={"provider": "s3", "repository": "https://github.com/acme/shop.git"}),
        with_field(source={"provider": "codecommit", "repository": "shop", "auth": {}}),
        with_field(source={"provider": "github", "auth": {"connectionArn": ARN}}),
        with_field(review={"strategy": "tags"}),
        with_field(scans={"failOn": {"severity": "high", "count": 1}}),
        with_field(scans={"failOn": {"severity": "HIGH", "count": 0}}),
        with_field(client={"package": "conviso-cli"}),
        with_field(client={"package": "conviso-flowcli", "autoClose": True}),
        with_field(environment={"timeoutMinutes": 99999}),
        with_field(environment={"timeoutMinutes": "60"}),
        with_field(environment={"privilegedMode": True}),
        with_field(environment={"computeType": "BUILD_LAMBDA_1GB"}),
        with_field(environment={"variables": {"not a name": "x"}}),
        with_field(logs={"destination": "nowhere"}),
        with_field(logs={"destination": "s3", "bucket": {"stack": "acme/logs/prod"}}),
        with_field(description={"stack": "acme/logs/prod", "output": "bucket"}),
        with_field(triggers={"push": "yes"}),
    ],
    ids=lambda value: json.dumps(value)[-60:],
)
def test_the_schema_refuses_an_invalid_stack_file(refused: Any) -> None:
    assert not is_valid(refused, SCHEMA)
