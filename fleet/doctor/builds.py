"""Whether builds run: the last build, and the account's quota for concurrent builds."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from components.config import ComputeType
from fleet.builds import age, last_build
from fleet.doctor.row import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleet.aws import Aws
    from fleet.doctor.expected import Expected
    from fleet.doctor.row import Row
    from fleet.stack import Stack

WHOLE_STACK = "(stack)"

_SIZES = {
    ComputeType.SMALL: "Small",
    ComputeType.MEDIUM: "Medium",
    ComputeType.LARGE: "Large",
    ComputeType.XLARGE: "XLarge",
    ComputeType.XXLARGE: "2XLarge",
}


def newest(expected: Expected, aws: Aws) -> Iterator[Row]:
    """How the last build ended, and when."""
    check, project = Check(expected.integration, "last build" + expected.suffix), expected.project_name
    build = last_build(project, aws)
    if build is None and expected.is_second:
        yield check.note("no pull request has been built yet")
    elif build is None:
        yield check.wrong("there is none", f"aws codebuild start-build --project-name {project}")
    elif build.status in {"SUCCEEDED", "IN_PROGRESS"}:
        yield check.ok(f"{build.status}, {age(build, datetime.now(UTC))} ago")
    else:
        said = f"{build.status}, {age(build, datetime.now(UTC))} ago: {build.reason or 'no reason given'}"
        yield check.wrong(said, f"read its log, then docs/troubleshooting.md: {build.log or build.id}")


def quotas(stack: Stack, aws: Aws) -> Iterator[Row]:
    """The account may run more than one build at a time on each machine type that the stack uses."""
    used: Counter[ComputeType] = Counter()
    for settings in stack.settings.integrations.values():
        # Pull requests have a project of their own.
        used[settings.environment.compute_type] += 2 if settings.triggers.pull_requests else 1
    values = {
        each["QuotaName"]: each
        for each in aws.all("service-quotas", "list_service_quotas", "Quotas", ServiceCode="codebuild")
    }
    check = Check(WHOLE_STACK, "quota")
    for machine, projects in sorted(used.items()):
        name = f"Concurrently running builds for Linux/{_SIZES[machine]} environment"
        if name not in values:
            yield check.note(f"AWS does not report: {name}", "look it up in the console: Service Quotas, AWS CodeBuild")
            continue
        limit = int(values[name]["Value"])
        raised = (
            "aws service-quotas request-service-quota-increase --service-code codebuild "
            f"--quota-code {values[name]['QuotaCode']} --desired-value {max(2, min(projects, 20))}"
        )
        yield check.same(
            holds=limit > 1 or projects == 1,
            found=f"{limit} builds at a time on {machine}, {projects} projects",
            otherwise=f"{limit} build at a time on {machine} for {projects} projects: others fail instead of waiting",
            remedy=raised,
        )
