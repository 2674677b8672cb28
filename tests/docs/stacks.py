"""Stacks that together create every kind of resource, and the policies of whoever deploys them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from components.config import parse_stack, raw_values, yaml_reader
from docs.generate import COOKBOOK, ROOT
from docs.permissions import POLICIES
from sandbox import stack_file
from tests.config import samples
from tests.harness import HERE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.aws.policies import Document

TAG = "conviso:stack"
TAGGED_BY_STACK = {f"aws:ResourceTag/{TAG}": "prod"}
TAGGED_BY_OTHER_STACK = {f"aws:ResourceTag/{TAG}": "prod-eu"}
SERVICES = {service: f"{service}.amazonaws.com" for service in ("codebuild", "events", "scheduler")}
REQUESTS_TAG = {f"aws:RequestTag/{TAG}": "prod"}

WITH_BOUNDARY: dict[str, Any] = {"role": {"path": "/appsec/", "permissionsBoundaryArn": samples.BOUNDARY}}

EVERYTHING: dict[str, Any] = {
    "conviso-codebuild:secret": {"createKey": True},
    "conviso-codebuild:notifications": {"emails": ["appsec@acme.example"]},
    "conviso-codebuild:integrations": {
        "shop": samples.integration(
            source={"auth": {"connectionArn": samples.CONNECTION}},
            logs={"destination": "both"},
            triggers={"push": True, "pullRequests": {}, "schedule": {"expression": "rate(1 day)"}},
            projectName="appsec-shop",
            **WITH_BOUNDARY,
        ),
        "erp": samples.integration("s3", triggers={"objectCreated": True}, **WITH_BOUNDARY),
        "billing": samples.integration("codecommit", **WITH_BOUNDARY),
    },
}
"""A stack with every choice that creates a resource or affects its name."""

CONFIGURATIONS: Mapping[str, dict[str, Any]] = {
    **{
        name: yaml_reader.read((COOKBOOK / f"Pulumi.{name}.yaml").read_text())["config"]
        for name in (
            "buildspec-bucket",
            "codecommit",
            "external-secret",
            "github-connection",
            "logs-to-s3",
            "notifications",
        )
    },
    "prod": yaml_reader.read((ROOT / "Pulumi.prod.yaml").read_text())["config"],
    "bounded": {"conviso-codebuild:integrations": {"shop": samples.integration("codecommit", **WITH_BOUNDARY)}},
    "everything": EVERYTHING,
}


@cache
def policy(configuration: str, purpose: str = "deploy", stack: str = "prod") -> Document:
    """Return the policy for a stack with that configuration."""
    file = stack_file.from_values(ROOT, stack, CONFIGURATIONS[configuration])
    return POLICIES[purpose](stack, parse_stack(raw_values(file.project, file.values), stack), HERE)
