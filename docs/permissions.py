"""Print an IAM policy for people or pipelines: `python -m docs.permissions --stack prod --account 123456789012`."""

import argparse
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from components.aws.deployer import deployer, overrides_denied, previewer, starter
from components.aws.location import AwsLocation
from components.aws.policies import Document
from components.config import ConfigError, StackSettings, parse_stack, raw_values
from fleet import permissions as fleet
from sandbox import policy_grammar, stack_file
from sandbox.account import DEFAULT_REGION, EmulatedAccount
from sandbox.graph import SandboxError

ROOT = Path(__file__).resolve().parent.parent


POLICIES: Mapping[str, Callable[[str, StackSettings, AwsLocation], Document]] = {
    "deploy": deployer,
    "preview": previewer,
    "start": starter,
    "deny-overrides": overrides_denied,
    "doctor": fleet.doctor,
    "status": fleet.status,
}
"""The function that makes each policy, by the policy's purpose."""
_TOO_LONG = (
    "This policy is longer than 10,240 characters, the limit of a role's inline policies: "
    "split its statements into managed policies of at most 6,144 characters each.\n"
)


def policy(purpose: str, stack: str, account: str) -> Document:
    """The policy for the stack file `Pulumi.<stack>.yaml`, in the region that it names.

    Raises SandboxError or ConfigError if the file is missing or wrong.
    """
    settings, location = _read(stack, account)
    return POLICIES[purpose](stack, settings, location)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the policy, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m docs.permissions", description=__doc__)
    parser.add_argument("--stack", default="dev", help="stack file to read (default: dev)")
    parser.add_argument("--account", required=True, help="AWS account of the stack, 12 digits")
    parser.add_argument(
        "--to", choices=list(POLICIES), default="deploy", help="what the policy allows (default: deploy)"
    )
    options = parser.parse_args(arguments)
    if not re.fullmatch("[0-9]{12}", options.account):
        parser.error("--account must have 12 digits")
    try:
        found = policy(options.to, options.stack, options.account)
    except (SandboxError, ConfigError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    text = json.dumps(found, indent=2)
    sys.stdout.write(f"{text}\n")
    if policy_grammar.size(text) > policy_grammar.ROLE_POLICIES_CHARACTERS:
        sys.stderr.write(_TOO_LONG)
    return 0


def _read(stack: str, account: str) -> tuple[StackSettings, AwsLocation]:
    file = stack_file.load(ROOT, stack)
    settings = parse_stack(raw_values(file.project, file.values), stack, ROOT)
    place = EmulatedAccount(file.values.get("aws:region") or DEFAULT_REGION)
    location = AwsLocation(partition=place.partition, dns_suffix=place.domain, region=place.region, account=account)
    return settings, location


if __name__ == "__main__":
    sys.exit(main())
