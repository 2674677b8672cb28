"""The component package in `package/`, run as Pulumi runs it for programs in other languages."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import grpc  # type: ignore[import-untyped]
import pytest
import yaml
from pulumi.runtime.proto import errors_pb2, status_pb2

from components.buildspec.version import VERSION
from tests.components.building import BUCKET, PROJECT, ROLE_POLICY
from tests.config import samples
from tests.harness import HERE
from tests.package import engine
from tests.package.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TYPE = "conviso:index:ConvisoIntegration"
# How the engine sends such values to a plugin.
SECRET_VALUE = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "shop"}
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


@pytest.fixture(scope="module")
def plugin(installed: Path) -> Iterator[engine.Engine]:
    """Return the plugin, which runs once for all components of a program."""
    with engine.started(installed, ROOT / "package") as running:
        yield running


def inputs(settings: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"settings": settings, "secretArn": samples.SECRET, **others}


def problems_of(plugin: engine.Engine, settings: Any, *, name: str = "shop") -> dict[str, str]:
    """Return why the component is refused: the reason for each input, by its path."""
    with pytest.raises(grpc.RpcError) as raised:
        plugin.construct(TYPE, name, inputs(settings))
    (details,) = (value for key, value in raised.value.trailing_metadata() if key == "grpc-status-details-bin")
    errors = errors_pb2.InputPropertiesError()
    assert status_pb2.Status.FromString(details).details[0].Unpack(errors)
    return {each.property_path: each.reason for each in errors.errors}


def test_the_schema_describes_the_component_with_each_input_and_output(plugin: engine.Engine) -> None:
    """Without this, the generated SDKs of other languages do not say what a field means."""
    schema = json.loads(plugin.schema())
    component = schema["resources"][TYPE]

    assert (schema["name"], schema["version"]) == ("conviso", VERSION)
    assert component["requiredInputs"] == ["secretArn", "settings"]
    for described in (component, *component["inputProperties"].values(), *component["properties"].values()):
        assert described["description"]


def test_a_component_of_another_language_creates_the_same_resources(plugin: engine.Engine) -> None:
    """Without this, a program in another language gets other reviews than a stack file."""
    settings = samples.integration(environment={"timeoutMinutes": 45}, logs={"retentionDays": 30})
    outputs = plugin.construct(TYPE, "shop", inputs(settings, connectionArn=samples.CONNECTION))

    project = plugin.monitor.inputs[PROJECT, "shop-project"]
    assert project["buildTimeout"] == 45
    assert project["source"]["auth"] == {"type": "CODECONNECTIONS", "resource": samples.CONNECTION}
    assert outputs["projectName"] == project["name"] == "conviso-dev-shop"
    assert outputs["consoleUrl"] == HERE.console_url("conviso-dev-shop")


def test_the_component_accepts_the_yaml_example(plugin: engine.Engine) -> None:
    """Without this, the first thing that a reader copies is refused."""
    text = (ROOT / "package" / "README.md").read_text()
    (example,) = re.findall(r"^```yaml\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    properties = yaml.safe_load(example)["resources"]["shop-api"]["properties"]

    outputs = plugin.construct(TYPE, "shop-api", {**properties, "connectionArn": samples.CONNECTION})

    assert properties["connectionArn"] == "${github.arn}"
    assert outputs["projectName"] == "conviso-dev-shop-api"


def test_the_names_of_other_resources_reach_the_build(plugin: engine.Engine) -> None:
    """Without this, a build ignores the bucket, key or secret that the program passes."""
    settings = samples.integration("s3", logs={"destination": "s3"})
    names = {"secretKey": "KEY", "secretKmsKeyArn": samples.KEY, "sourceBucket": "own-source", "logBucket": "own-logs"}
    outputs = plugin.construct(TYPE, "exports", inputs(settings, **names))

    project = plugin.monitor.inputs[PROJECT, "exports-project"]
    variables = {each["name"]: each["value"] for each in project["environment"]["environmentVariables"]}
    assert variables["FLOW_API_KEY"] == f"{samples.SECRET}:KEY"
    assert project["source"]["location"] == "own-source/erp/legacy.zip"
    assert outputs["logBucket"] == "own-logs"
    assert samples.KEY in plugin.monitor.inputs[ROLE_POLICY, "exports-role"]["policy"]
    assert (BUCKET, "exports-logs") not in plugin.monitor.inputs


def test_a_token_of_another_resource_becomes_the_login(plugin: engine.Engine) -> None:
    """Without this, a build logs in with the credential of the account."""
    plugin.construct(TYPE, "token", inputs(samples.integration(), tokenSecretArn=samples.TOKEN))

    auth = plugin.monitor.inputs[PROJECT, "token-project"]["source"]["auth"]
    assert auth == {"type": "SECRETS_MANAGER", "resource": samples.TOKEN}


def test_every_mistake_is_reported_with_the_path_of_its_input(plugin: engine.Engine) -> None:
    """Without this, a typing error in another language ends in a Python stack trace."""
    settings = samples.integration(review={"strategy": "git-tre"}, environment={"timeoutMinutes": 45.5})

    found = problems_of(plugin, settings)

    assert found.keys() == {"settings.review.strategy", "settings.environment.timeoutMinutes"}
    assert "did you mean git-tree?" in found["settings.review.strategy"]


def test_a_name_that_aws_would_refuse_is_told_as_one_of_the_component(plugin: engine.Engine) -> None:
    """Without this, people look for a field `settings.name`, which does not exist."""
    assert problems_of(plugin, samples.integration(), name="shopApi").keys() == {"name"}


@pytest.mark.parametrize("value", [SECRET_VALUE, UNKNOWN], ids=["secret", "unknown"])
def test_settings_that_are_not_plain_are_refused(plugin: engine.Engine, value: Any) -> None:
    """Without this, a secret or an output of another resource ends in an error about JSON."""
    settings = samples.integration(environment={"variables": {"TEAM": value}})

    assert problems_of(plugin, settings) == {
        "settings": "must hold plain values: what another resource makes has inputs of its own"
    }


def test_the_components_own_provider_tells_the_location(plugin: engine.Engine) -> None:
    """Without this, a component in another region or account is refused for a location that nobody chose."""
    provider = "urn:pulumi:dev::shop::pulumi:providers:aws::elsewhere"
    plugin.construct(TYPE, "abroad", inputs(samples.integration()), providers={"aws": f"{provider}::id"})

    assert plugin.monitor.asked[-3:] == [f"{provider}::id"] * 3
