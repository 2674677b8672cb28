"""The fields of the configuration that hold free text, and where in AWS each value ends up."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.components.building import EVENT_RULE, LOG_GROUP, PROJECT, ROLE, ROLE_POLICY, build
from tests.config import samples
from tests.config.samples import refusals_of, settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from components.config import IntegrationSettings
    from tests.harness import Graph


@dataclass(frozen=True, kw_only=True)
class FreeTextField:
    """A field that holds free text."""

    path: str
    choices: Callable[[str], dict[str, Any]]
    """Returns the sections that set the field to a text."""
    valid: str
    """A valid value."""
    find: Callable[[Graph], Any]
    """Finds the value among the registered resources."""
    expected: Callable[[str], Any] = field(default=lambda text: text)
    """Returns what `find` has to find for a text."""
    nearly_valid: Callable[[str], str] = field(default=lambda text: text)
    """Embeds any text in a value, so that the result is more likely to be valid."""
    provider: str = "github"

    def refusals(self, text: str) -> set[str]:
        """Return the fields that errors name if this field holds the text."""
        return {path for path, _ in refusals_of(self.provider, **self.choices(text))}

    def settings(self, text: str) -> IntegrationSettings:
        """Return settings in which this field holds the text."""
        return settings(self.provider, **self.choices(text))

    def build(self, text: str) -> Graph:
        """Return the graph of an integration in which this field holds the text."""
        return build(self.settings(text))


def project(*keys: str) -> Callable[[Graph], Any]:
    """Return a function that finds an input of the build project."""

    def find(graph: Graph) -> Any:
        found: Any = graph.one(PROJECT).inputs
        for key in keys:
            found = found[key]
        return found

    return find


def variable(name: str) -> Callable[[Graph], Any]:
    """Return a function that finds the value of an environment variable of the build."""
    return lambda graph: next(
        each["value"]
        for each in graph.one(PROJECT).inputs["environment"]["environmentVariables"]
        if each["name"] == name
    )


def granted(name: str) -> Callable[[Graph], list[str]]:
    """Return a function that finds the resources of one statement of the role's policy."""

    def find(graph: Graph) -> list[str]:
        document = json.loads(graph.one(ROLE_POLICY, "shop-role").inputs["policy"])
        found: dict[str, list[str]] = {each["Sid"]: each["Resource"] for each in document["Statement"]}
        return found[name]

    return find


def both(*finders: Callable[[Graph], Any]) -> Callable[[Graph], list[Any]]:
    """Return a function that lists what each of these functions finds."""
    return lambda graph: [find(graph) for find in finders]


NAMED: list[FreeTextField] = [
    FreeTextField(
        path="projectKey",
        valid="kXyZ12",
        choices=lambda text: {"projectKey": text},
        find=variable("FLOW_PROJECT_CODE"),
    ),
    FreeTextField(
        path="description", valid="Shop", choices=lambda text: {"description": text}, find=project("description")
    ),
    FreeTextField(
        path="review.tagPrefix",
        valid="v",
        choices=lambda text: {"review": {"strategy": "tags-by-time", "tagPrefix": text}},
        find=variable("CONVISO_TAG_PREFIX"),
    ),
    FreeTextField(
        path="scans.rulesFile",
        valid="rules.yml",
        choices=lambda text: {"scans": {"rulesFile": text}},
        find=variable("CONVISO_RULES_FILE"),
    ),
    FreeTextField(
        path="platform.apiUrl",
        valid="https://a.example",
        nearly_valid=lambda text: f"https://a.example/{text}",
        choices=lambda text: {"platform": {"apiUrl": text}},
        find=variable("FLOW_API_URL"),
    ),
    FreeTextField(
        path="platform.companyId",
        valid="42",
        nearly_valid=lambda text: f"42{text}",
        choices=lambda text: {"platform": {"companyId": text}},
        find=variable("CONVISO_COMPANY_ID"),
    ),
    FreeTextField(
        path="platform.assetName",
        valid="shop",
        choices=lambda text: {"platform": {"assetName": text}},
        find=variable("CONVISO_ASSET_NAME"),
    ),
    FreeTextField(
        path="buildspec.path",
        valid="a.yml",
        choices=lambda text: {"buildspec": {"location": "repository", "path": text}},
        find=project("source", "buildspec"),
    ),
    FreeTextField(
        path="source.version",
        valid="main",
        choices=lambda text: {"source": {"version": text}},
        find=project("sourceVersion"),
    ),
    FreeTextField(
        path="source.repository",
        valid="https://github.com/acme/shop",
        nearly_valid=lambda text: f"https://github.com/acme/shop{text}",
        choices=lambda text: {"source": {"repository": text}},
        find=project("source", "location"),
    ),
    FreeTextField(
        path="source.version",
        provider="codecommit",
        valid="main",
        choices=lambda text: {"source": {"version": text}},
        find=lambda graph: json.loads(graph.one(EVENT_RULE).inputs["eventPattern"])["detail"]["referenceName"],
        expected=lambda text: [text.removeprefix("refs/heads/")],
    ),
    FreeTextField(
        path="source.version",
        provider="s3",
        valid="3sL4",
        choices=lambda text: {"source": {"version": text}},
        find=project("sourceVersion"),
    ),
    FreeTextField(
        path="environment.variables.CHOSEN",
        valid="x",
        choices=lambda text: {"environment": {"variables": {"CHOSEN": text}}},
        find=variable("CHOSEN"),
    ),
    FreeTextField(
        path="environment.image",
        valid="acme/build:1",
        nearly_valid=lambda text: f"acme/build:{text}",
        choices=lambda text: {"environment": {"image": text}},
        find=project("environment", "image"),
    ),
    FreeTextField(
        path="secret.key",
        valid="apiKey",
        choices=lambda text: {"secret": {"existingArn": samples.SECRET, "key": text}},
        find=variable("FLOW_API_KEY"),
        expected=lambda text: f"{samples.SECRET}:{text}",
    ),
    FreeTextField(
        path="role.path",
        valid="/a/",
        nearly_valid=lambda text: f"/{text}/",
        choices=lambda text: {"role": {"path": text}},
        find=lambda graph: graph.one(ROLE).inputs["path"],
    ),
    FreeTextField(
        path="role.permissionsBoundaryArn",
        valid=samples.BOUNDARY,
        nearly_valid=lambda text: samples.BOUNDARY + text,
        choices=lambda text: {"role": {"permissionsBoundaryArn": text}},
        find=lambda graph: graph.one(ROLE).inputs["permissionsBoundary"],
    ),
    FreeTextField(
        path="tags.chosen",
        valid="x",
        choices=lambda text: {"tags": {"chosen": text}},
        find=lambda graph: graph.one(LOG_GROUP).inputs["tags"]["chosen"],
    ),
]
"""Fields that become names and values of resources."""

GRANTED: list[FreeTextField] = [
    FreeTextField(
        path="source.repository",
        provider="codecommit",
        valid="billing",
        choices=lambda text: {"source": {"repository": text}},
        find=granted("PullSource"),
        expected=lambda text: [f"arn:aws:codecommit:us-east-1:123456789012:{text}"],
    ),
    FreeTextField(
        path="source.key",
        provider="s3",
        valid="a.zip",
        nearly_valid=lambda text: f"{text}.zip",
        choices=lambda text: {"source": {"key": text}},
        find=both(project("source", "location"), granted("ReadSource")),
        expected=lambda text: [
            f"acme-exports/{text}",
            [f"arn:aws:s3:::acme-exports/{text}" + ("*" if text.endswith("/") else "")],
        ],
    ),
    FreeTextField(
        path="source.bucket",
        provider="s3",
        valid="acme-exports",
        choices=lambda text: {"source": {"bucket": text}},
        find=both(project("source", "location"), granted("LocateSource")),
        expected=lambda text: [f"{text}/erp/legacy.zip", [f"arn:aws:s3:::{text}"]],
    ),
    FreeTextField(
        path="source.auth.connectionArn",
        valid=samples.CONNECTION,
        nearly_valid=lambda text: samples.CONNECTION + text,
        choices=lambda text: {"source": {"auth": {"connectionArn": text}}},
        find=both(project("source", "auth", "resource"), granted("UseConnection")),
        expected=lambda text: [text, [text]],
    ),
    FreeTextField(
        path="source.auth.tokenSecretArn",
        valid=samples.TOKEN,
        nearly_valid=lambda text: samples.TOKEN.replace("git-token", text),
        choices=lambda text: {"source": {"auth": {"tokenSecretArn": text}}},
        find=both(project("source", "auth", "resource"), granted("ReadSourceToken")),
        expected=lambda text: [text, [text]],
    ),
    FreeTextField(
        path="environment.image",
        valid="123456789012.dkr.ecr.us-east-1.amazonaws.com/build",
        nearly_valid=lambda text: f"123456789012.dkr.ecr.us-east-1.amazonaws.com/build{text}",
        choices=lambda text: {"environment": {"image": text}},
        find=project("environment", "image"),
    ),
    FreeTextField(
        path="environment.certificate",
        valid=samples.CERTIFICATE,
        nearly_valid=lambda text: samples.CERTIFICATE.replace("bundle", text),
        choices=lambda text: {"environment": {"certificate": text}},
        find=both(project("environment", "certificate"), granted("ReadCertificate")),
        expected=lambda text: [text, [text]],
    ),
    FreeTextField(
        path="logs.bucket",
        valid="acme-logs",
        choices=lambda text: {"logs": {"destination": "both", "bucket": text}},
        find=granted("LocateLogs"),
        expected=lambda text: [f"arn:aws:s3:::{text}"],
    ),
    FreeTextField(
        path="logs.prefix",
        valid="shop",
        choices=lambda text: {"logs": {"destination": "both", "bucket": "acme-logs", "prefix": text}},
        find=both(project("logsConfig", "s3Logs", "location"), granted("StoreLogs")),
        expected=lambda text: [
            f"acme-logs/{text.rstrip('/')}/conviso-dev-shop",
            [f"arn:aws:s3:::acme-logs/{text.rstrip('/')}/conviso-dev-shop/*"],
        ],
    ),
    FreeTextField(
        path="secret.existingArn",
        valid=samples.SECRET,
        nearly_valid=lambda text: samples.SECRET.replace("conviso/shared", text),
        choices=lambda text: {"secret": {"existingArn": text}},
        find=granted("ReadApiKey"),
        expected=lambda text: [text],
    ),
    FreeTextField(
        path="secret.kmsKeyArn",
        valid=samples.KEY,
        nearly_valid=lambda text: samples.KEY + text,
        choices=lambda text: {"secret": {"existingArn": samples.SECRET, "kmsKeyArn": text}},
        find=granted("DecryptApiKey"),
        expected=lambda text: [text],
    ),
]
"""Fields that become part of the policy of the build's role."""
