"""The region, account and partition of the sandbox, and the provider's data sources about them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from sandbox.graph import SandboxError

ACCOUNT = "123456789012"
DEFAULT_REGION = "us-east-1"

# The partition and its DNS suffix, by the prefix of a region.
_PARTITIONS = {
    "cn-": ("aws-cn", "amazonaws.com.cn"),
    "us-gov-": ("aws-us-gov", "amazonaws.com"),
    "eusc-": ("aws-eusc", "amazonaws.eu"),
    "us-iso-": ("aws-iso", "c2s.ic.gov"),
    "us-isob-": ("aws-iso-b", "sc2s.sgov.gov"),
    "us-isof-": ("aws-iso-f", "csp.hci.ic.gov"),
}


@cache
def _regions() -> list[str]:
    """Return the regions that have CodeBuild, according to botocore."""
    import botocore.session  # type: ignore[import-untyped] # noqa: PLC0415 - takes a third of a second

    session = botocore.session.Session()
    partitions = {"aws", *(partition for partition, _ in _PARTITIONS.values())}
    return [region for partition in partitions for region in session.get_available_regions("codebuild", partition)]


def check_region(region: str) -> None:
    """Raise SandboxError if AWS has no such region. boto3 would create clients for it, and moto would fail later."""
    if region not in _regions():
        # A region is not repeated unless it has the form of one: anything may have been pasted here.
        named = f" {region}" if re.fullmatch(r"[a-z]{2,4}(-[a-z]{1,12}){1,3}-[0-9]{1,2}", region) else " of this name"
        raise SandboxError(f"aws:region: the in-memory AWS has no CodeBuild in a region{named}")


@dataclass(frozen=True)
class EmulatedAccount:
    """The sandbox's only account, in one region."""

    region: str

    @property
    def partition(self) -> str:
        """The partition that the region belongs to."""
        return self._partition[0]

    @property
    def domain(self) -> str:
        """The DNS suffix of AWS there."""
        return self._partition[1]

    @property
    def _partition(self) -> tuple[str, str]:
        found = (value for prefix, value in _PARTITIONS.items() if self.region.startswith(prefix))
        return next(found, ("aws", "amazonaws.com"))

    def texts(self) -> dict[str, str]:
        """Return the values for the placeholders in the resource table's texts."""
        return {
            "region": self.region,
            "account": ACCOUNT,
            "partition": self.partition,
            "domain": self.domain,
            # S3 refuses the name of its first region, and requires that of every other one.
            "location_constraint": "" if self.region == DEFAULT_REGION else self.region,
        }

    def invoke(self, token: str) -> dict[str, Any] | None:
        """Return the answer of a data source of the provider, or None if there is none."""
        domain = self.domain
        answers: dict[str, dict[str, Any]] = {
            "aws:index/getCallerIdentity:getCallerIdentity": {
                "accountId": ACCOUNT,
                "arn": f"arn:{self.partition}:iam::{ACCOUNT}:user/sandbox",
                "id": ACCOUNT,
                "userId": "AIDASANDBOX",
            },
            "aws:index/getPartition:getPartition": {
                "partition": self.partition,
                "id": self.partition,
                "dnsSuffix": domain,
                "reverseDnsPrefix": ".".join(reversed(domain.split("."))),
            },
            "aws:index/getRegion:getRegion": {
                "region": self.region,
                "name": self.region,
                "id": self.region,
                "description": self.region,
                "endpoint": f"ec2.{self.region}.{domain}",
            },
        }
        return answers.get(token)
