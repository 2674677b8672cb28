"""Print the policy of whoever deploys or watches a stack: `python -m docs.permissions --stack prod --account ...`."""

import argparse
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from components.aws.deployer import deployer, people_who_start
from components.aws.location import AwsLocation
from components.aws.policies import Document
from components.config import ConfigError, StackSettings, parse_stack, raw_values
from fleet import permissions as fleet_permissions
from sandbox import stack_file
from sandbox.account import DEFAULT_REGION, EmulatedAccount
from sandbox.graph import SandboxError

ROOT = Path(__file__).resolve().parent.parent


def policy(stack: str, account: str) -> Document:
    """The policy for the stack file `Pulumi.<stack>.yaml`, in the region that it names.

    Raises SandboxError or ConfigError where the file is missing or wrong.
    """
    settings, location = _read(stack, account)
    return deployer(stack, settings, location)


def starter(stack: str, account: str) -> Document:
    """A policy for people who may start any build of the stack as it is, and read what came of it.

    Raises SandboxError or ConfigError like `policy`.
    """
    _, location = _read(stack, account)
    return people_who_start(stack, location)


def doctor(stack: str, account: str) -> Document:
    """A policy for `python -m fleet doctor`.

    Raises SandboxError or ConfigError like `policy`.
    """
    return fleet_permissions.doctor(stack, *_read(stack, account))


def status(stack: str, account: str) -> Document:
    """A policy for `python -m fleet status`.

    Raises SandboxError or ConfigError like `policy`.
    """
    return fleet_permissions.status(stack, *_read(stack, account))


PRINTED: Mapping[str, Callable[[str, str], Document]] = {"deployer": policy, "doctor": doctor, "status": status}
"""The policies that the command prints, by what they are for."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the policy; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m docs.permissions", description=__doc__)
    parser.add_argument("--stack", default="dev", help="stack file to read (default: dev)")
    parser.add_argument("--account", required=True, help="AWS account that the stack is deployed to, 12 digits")
    parser.add_argument("--of", choices=PRINTED, default="deployer", help="what the policy is for (default: deployer)")
    options = parser.parse_args(arguments)
    if not re.fullmatch("[0-9]{12}", options.account):
        parser.error("--account must have 12 digits")
    try:
        found = PRINTED[options.of](options.stack, options.account)
    except (SandboxError, ConfigError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 0


def _read(stack: str, account: str) -> tuple[StackSettings, AwsLocation]:
    file = stack_file.load(ROOT, stack)
    settings = parse_stack(raw_values(file.project, file.values), stack)
    place = EmulatedAccount(file.values.get("aws:region") or DEFAULT_REGION)
    location = AwsLocation(partition=place.partition, dns_suffix=place.domain, region=place.region, account=account)
    return settings, location


if __name__ == "__main__":
    sys.exit(main())
