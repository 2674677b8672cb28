"""The fields of the configuration that hold free text, and where in AWS each arrives."""

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
class Free:
    """A field of free text."""

    path: str
    choices: Callable[[str], dict[str, Any]]
    """The choices that set the field."""
    good: str
    """A value that is right."""
    arrives: Callable[[Graph], Any]
    """What there is of it in AWS..."""
    expected: Callable[[str], Any] = field(default=lambda text: text)
    """... and what there has to be."""
    near: Callable[[str], str] = field(default=lambda text: text)
    """Text that any text becomes a part of, more likely to be right."""
    provider: str = "github"

    def refusals(self, text: str) -> set[str]:
        """The fields that are named when the text stands in this one."""
        return {path for path, _ in refusals_of(self.provider, **self.choices(text))}

    def settings(self, text: str) -> IntegrationSettings:
        """Settings with the text in this field."""
        return settings(self.provider, **self.choices(text))

    def build(self, text: str) -> Graph:
        """What the text becomes."""
        return build(self.settings(text))


def project(*keys: str) -> Callable[[Graph], Any]:
    """An input of the project."""

    def find(graph: Graph) -> Any:
        found: Any = graph.one(PROJECT).inputs
        for key in keys:
            found = found[key]
        return found

    return find


def variable(name: str) -> Callable[[Graph], Any]:
    """The value of a variable of the build."""
    return lambda graph: next(
        each["value"]
        for each in graph.one(PROJECT).inputs["environment"]["environmentVariables"]
        if each["name"] == name
    )


def granted(name: str) -> Callable[[Graph], list[str]]:
    """The resources of one statement of the role's policy."""

    def find(graph: Graph) -> list[str]:
        document = json.loads(graph.one(ROLE_POLICY, "shop-role").inputs["policy"])
        found: dict[str, list[str]] = {each["Sid"]: each["Resource"] for each in document["Statement"]}
        return found[name]

    return find


def both(*finders: Callable[[Graph], Any]) -> Callable[[Graph], list[Any]]:
    """What several finders find."""
    return lambda graph: [find(graph) for find in finders]


NAMED: list[Free] = [
    Free(
        path="projectKey",
        good="kXyZ12",
        choices=lambda text: {"projectKey": text},
        arrives=variable("FLOW_PROJECT_CODE"),
    ),
    Free(path="description", good="Shop", choices=lambda text: {"description": text}, arrives=project("description")),
    Free(
        path="review.tagPrefix",
        good="v",
        choices=lambda text: {"review": {"strategy": "tags-by-time", "tagPrefix": text}},
        arrives=variable("CONVISO_TAG_PREFIX"),
    ),
    Free(
        path="scans.rulesFile",
        good="rules.yml",
        choices=lambda text: {"scans": {"rulesFile": text}},
        arrives=variable("CONVISO_RULES_FILE"),
    ),
    Free(
        path="platform.apiUrl",
        good="https://a.example",
        near=lambda text: f"https://a.example/{text}",
        choices=lambda text: {"platform": {"apiUrl": text}},
        arrives=variable("FLOW_API_URL"),
    ),
    Free(
        path="platform.companyId",
        good="42",
        near=lambda text: f"42{text}",
        choices=lambda text: {"platform": {"companyId": text}},
        arrives=variable("CONVISO_COMPANY_ID"),
    ),
    Free(
        path="platform.assetName",
        good="shop",
        choices=lambda text: {"platform": {"assetName": text}},
        arrives=variable("CONVISO_ASSET_NAME"),
    ),
    Free(
        path="buildspec.path",
        good="a.yml",
        choices=lambda text: {"buildspec": {"location": "repository", "path": text}},
        arrives=project("source", "buildspec"),
    ),
    Free(
        path="source.version",
        good="main",
        choices=lambda text: {"source": {"version": text}},
        arrives=project("sourceVersion"),
    ),
    Free(
        path="source.repository",
        good="https://github.com/acme/shop",
        near=lambda text: f"https://github.com/acme/shop{text}",
        choices=lambda text: {"source": {"repository": text}},
        arrives=project("source", "location"),
    ),
    Free(
        path="source.version",
        provider="codecommit",
        good="main",
        choices=lambda text: {"source": {"version": text}},
        arrives=lambda graph: json.loads(graph.one(EVENT_RULE).inputs["eventPattern"])["detail"]["referenceName"],
        expected=lambda text: [text.removeprefix("refs/heads/")],
    ),
    Free(
        path="source.version",
        provider="s3",
        good="3sL4",
        choices=lambda text: {"source": {"version": text}},
        arrives=project("sourceVersion"),
    ),
    Free(
        path="environment.variables.CHOSEN",
        good="x",
        choices=lambda text: {"environment": {"variables": {"CHOSEN": text}}},
        arrives=variable("CHOSEN"),
    ),
    Free(
        path="environment.image",
        good="acme/build:1",
        near=lambda text: f"acme/build:{text}",
        choices=lambda text: {"environment": {"image": text}},
        arrives=project("environment", "image"),
    ),
    Free(
        path="secret.key",
        good="apiKey",
        choices=lambda text: {"secret": {"existingArn": samples.SECRET, "key": text}},
        arrives=variable("FLOW_API_KEY"),
        expected=lambda text: f"{samples.SECRET}:{text}",
    ),
    Free(
        path="role.path",
        good="/a/",
        near=lambda text: f"/{text}/",
        choices=lambda text: {"role": {"path": text}},
        arrives=lambda graph: graph.one(ROLE).inputs["path"],
    ),
    Free(
        path="role.permissionsBoundaryArn",
        good=samples.BOUNDARY,
        near=lambda text: samples.BOUNDARY + text,
        choices=lambda text: {"role": {"permissionsBoundaryArn": text}},
        arrives=lambda graph: graph.one(ROLE).inputs["permissionsBoundary"],
    ),
    Free(
        path="tags.chosen",
        good="x",
        choices=lambda text: {"tags": {"chosen": text}},
        arrives=lambda graph: graph.one(LOG_GROUP).inputs["tags"]["chosen"],
    ),
]
"""Those that become names and values."""

GRANTED: list[Free] = [
    Free(
        path="source.repository",
        provider="codecommit",
        good="billing",
        choices=lambda text: {"source": {"repository": text}},
        arrives=granted("PullSource"),
        expected=lambda text: [f"arn:aws:codecommit:us-east-1:123456789012:{text}"],
    ),
    Free(
        path="source.key",
        provider="s3",
        good="a.zip",
        near=lambda text: f"{text}.zip",
        choices=lambda text: {"source": {"key": text}},
        arrives=both(project("source", "location"), granted("ReadSource")),
        expected=lambda text: [
            f"acme-exports/{text}",
            [f"arn:aws:s3:::acme-exports/{text}" + ("*" if text.endswith("/") else "")],
        ],
    ),
    Free(
        path="source.bucket",
        provider="s3",
        good="acme-exports",
        choices=lambda text: {"source": {"bucket": text}},
        arrives=both(project("source", "location"), granted("LocateSource")),
        expected=lambda text: [f"{text}/erp/legacy.zip", [f"arn:aws:s3:::{text}"]],
    ),
    Free(
        path="source.auth.connectionArn",
        good=samples.CONNECTION,
        near=lambda text: samples.CONNECTION + text,
        choices=lambda text: {"source": {"auth": {"connectionArn": text}}},
        arrives=both(project("source", "auth", "resource"), granted("UseConnection")),
        expected=lambda text: [text, [text]],
    ),
    Free(
        path="source.auth.tokenSecretArn",
        good=samples.TOKEN,
        near=lambda text: samples.TOKEN.replace("git-token", text),
        choices=lambda text: {"source": {"auth": {"tokenSecretArn": text}}},
        arrives=both(project("source", "auth", "resource"), granted("ReadSourceToken")),
        expected=lambda text: [text, [text]],
    ),
    Free(
        path="environment.image",
        good="123456789012.dkr.ecr.us-east-1.amazonaws.com/build",
        near=lambda text: f"123456789012.dkr.ecr.us-east-1.amazonaws.com/build{text}",
        choices=lambda text: {"environment": {"image": text}},
        arrives=project("environment", "image"),
    ),
    Free(
        path="environment.certificate",
        good=samples.CERTIFICATE,
        near=lambda text: samples.CERTIFICATE.replace("bundle", text),
        choices=lambda text: {"environment": {"certificate": text}},
        arrives=both(project("environment", "certificate"), granted("ReadCertificate")),
        expected=lambda text: [text, [text]],
    ),
    Free(
        path="logs.bucket",
        good="acme-logs",
        choices=lambda text: {"logs": {"destination": "both", "bucket": text}},
        arrives=granted("LocateLogs"),
        expected=lambda text: [f"arn:aws:s3:::{text}"],
    ),
    Free(
        path="logs.prefix",
        good="shop",
        choices=lambda text: {"logs": {"destination": "both", "bucket": "acme-logs", "prefix": text}},
        arrives=both(project("logsConfig", "s3Logs", "location"), granted("StoreLogs")),
        expected=lambda text: [
            f"acme-logs/{text.rstrip('/')}/conviso-dev-shop",
            [f"arn:aws:s3:::acme-logs/{text.rstrip('/')}/conviso-dev-shop/*"],
        ],
    ),
    Free(
        path="secret.existingArn",
        good=samples.SECRET,
        near=lambda text: samples.SECRET.replace("conviso/shared", text),
        choices=lambda text: {"secret": {"existingArn": text}},
        arrives=granted("ReadApiKey"),
        expected=lambda text: [text],
    ),
    Free(
        path="secret.kmsKeyArn",
        good=samples.KEY,
        near=lambda text: samples.KEY + text,
        choices=lambda text: {"secret": {"existingArn": samples.SECRET, "kmsKeyArn": text}},
        arrives=granted("DecryptApiKey"),
        expected=lambda text: [text],
    ),
]
"""Those that stand in the policy of the build's role."""
