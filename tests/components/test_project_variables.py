"""The environment variables of the build project."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components import buildspec
from components.api_key import SecretReference
from components.integration import ConvisoIntegration
from tests.components.building import PROJECT, build, project
from tests.config import samples
from tests.config.samples import settings, short
from tests.harness import HERE, run


def test_variables_are_those_of_the_build_those_of_the_user_and_the_api_key_from_its_secret() -> None:
    chosen = settings(
        review={"strategy": "tags-by-version", "tagPrefix": "v"},
        scans={"failOn": {"severity": "HIGH", "count": 2}},
        environment={"variables": {"ZONE": "b", "A": "$(id)"}},
    )
    variables = build(chosen).one(PROJECT).inputs["environment"]["environmentVariables"]

    plain = {"CODEBUILD_CONFIG_AUTO_DISCOVER": "false", **buildspec.variables(chosen), "ZONE": "b", "A": "$(id)"}
    assert variables == [
        *({"name": name, "value": plain[name], "type": "PLAINTEXT"} for name in sorted(plain)),
        {"name": "FLOW_API_KEY", "value": f"{samples.SECRET}:FLOW_API_KEY", "type": "SECRETS_MANAGER"},
    ]


def test_users_cannot_set_any_variable_of_the_build() -> None:
    """Without this, a variable from a stack file replaces one that the build relies on."""
    made = project(
        review={"strategy": "tags-by-version", "tagPrefix": "v"},
        scans={"failOn": {"severity": "HIGH", "count": 2}, "rulesFile": "rules.yml"},
        platform={"apiUrl": "https://conviso.acme.example", "companyId": "42", "assetName": "shop"},
    )
    names = [each["name"] for each in made["environment"]["environmentVariables"]]

    refused = [name for name in names if samples.refusals_of(environment={"variables": {name: "x"}})]
    assert refused == names


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, f"{samples.SECRET}:FLOW_API_KEY"),
        ({"secret": {"existingArn": samples.TOKEN, "key": "apiKey"}}, f"{samples.TOKEN}:apiKey"),
    ],
    ids=short,
)
def test_the_api_key_comes_from_the_integrations_own_secret_or_the_stacks(
    chosen: dict[str, Any], expected: str
) -> None:
    variables = {each["name"]: each["value"] for each in project(**chosen)["environment"]["environmentVariables"]}

    assert variables["FLOW_API_KEY"] == expected


def test_the_secrets_arn_may_be_an_output_of_another_resource() -> None:
    def program() -> None:
        secret = SecretReference(arn=pulumi.Output.from_input(samples.TOKEN), key="k")
        ConvisoIntegration("shop", settings(), stack="dev", location=HERE, secret=secret)

    variables = run(program).one(PROJECT).inputs["environment"]["environmentVariables"]
    assert variables[-1]["value"] == f"{samples.TOKEN}:k"
