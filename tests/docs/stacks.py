"""Stacks that together make every kind of resource there is, and the policy of whoever deploys them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from components.aws.deployer import deployer
from components.config import parse_stack, raw_values
from docs.generate import COOKBOOK, ROOT
from sandbox import stack_file, yaml_reader
from tests.config import samples
from tests.harness import HERE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.aws.policies import Document

BOUNDED: dict[str, Any] = {"role": {"path": "/appsec/", "permissionsBoundaryArn": samples.BOUNDARY}}

CONFIGURATIONS: Mapping[str, dict[str, Any]] = {
    **{
        name: yaml_reader.read((COOKBOOK / f"Pulumi.{name}.yaml").read_text())["config"]
        for name in ("buildspec-bucket", "codecommit", "external-secret", "github-connection", "logs-to-s3")
    },
    "prod": yaml_reader.read((ROOT / "Pulumi.prod.yaml").read_text())["config"],
    "bounded": {"conviso-codebuild:integrations": {"shop": samples.integration("codecommit", **BOUNDED)}},
}


@cache
def policy(configuration: str, stack: str = "prod") -> Document:
    """The policy for a stack of that configuration."""
    return policy_of(CONFIGURATIONS[configuration], stack)


def policy_of(values: Mapping[str, Any], stack: str) -> Document:
    """The policy for a stack whose file holds these values."""
    file = stack_file.from_values(ROOT, stack, values)
    return deployer(stack, parse_stack(raw_values(file.project, file.values), stack), HERE)
