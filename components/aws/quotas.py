"""The quotas of AWS and GitHub that a large stack may exceed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ..config import (
    CodeCommitSource,
    GitSource,
    IntegrationSettings,
    Problem,
    Provider,
    S3Source,
    StackSettings,
    project_names,
)
from .notifications import event_patterns
from .triggers import webhook_filter_groups


@dataclass(frozen=True)
class Quota:
    """How many of something AWS allows by default."""

    name: str
    limit: int
    where: str
    """Where to request a higher limit."""


# https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html
PROJECTS = Quota("build projects in a region", 5_000, "Service Quotas, AWS CodeBuild")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
ROLES = Quota("roles in an account", 1_000, "Service Quotas, AWS Identity and Access Management")
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
RULES = Quota("rules on an event bus", 300, "Service Quotas, Amazon EventBridge")
# https://docs.github.com/en/webhooks/types-of-webhooks
WEBHOOKS = 20
"""Webhooks for one event on a repository of github.com. The limit is fixed, and webhooks of other origin count, too."""


def exceeded(stack: str, settings: StackSettings) -> Iterator[str]:
    """A warning for each quota of which the stack needs more than AWS allows by default.

    These are not errors: the quota may have been raised. What other stacks and programs use is not counted.
    """
    integrations = list(settings.integrations.values())
    needs = {
        PROJECTS: sum(_projects(each) for each in integrations),
        ROLES: sum(_projects(each) + _starting_roles(each) for each in integrations),
        RULES: sum(_rules(each) for each in integrations) + _rules_of_notifications(stack, settings),
    }
    for quota, needed in needs.items():
        if needed > quota.limit:
            yield (
                f"the stack needs {needed} {quota.name}, and AWS allows {quota.limit} by default: "
                f"raise the quota before you deploy ({quota.where}), or split the stack (docs/scale.md)"
            )


def too_many_webhooks(settings: StackSettings) -> Iterator[Problem]:
    """The repositories on which the stack needs more webhooks than GitHub allows."""
    hooks: Counter[str] = Counter()
    for each in settings.integrations.values():
        if isinstance(each.source, GitSource) and each.source.provider is Provider.GITHUB:
            # GitHub ignores the case of a repository's name, and whether it ends in .git.
            repository = each.source.repository.lower().removesuffix(".git")
            hooks[repository] += bool(webhook_filter_groups(each)) + (each.triggers.pull_requests is not None)
    for repository, count in hooks.items():
        if count > WEBHOOKS:
            yield Problem(
                "integrations", f"need {count} webhooks on {repository}, and GitHub allows {WEBHOOKS} for one event"
            )


def _rules_of_notifications(stack: str, settings: StackSettings) -> int:
    if settings.notifications is None:
        return 0
    projects = [project for project, _ in project_names(stack, settings.integrations)]
    return len(event_patterns(stack, projects, settings.notifications.states))


def _projects(settings: IntegrationSettings) -> int:
    return 2 if settings.triggers.pull_requests else 1


def _starting_roles(settings: IntegrationSettings) -> int:
    return (_rules(settings) > 0) + (settings.triggers.schedule is not None)


def _rules(settings: IntegrationSettings) -> int:
    triggers = settings.triggers
    if isinstance(settings.source, CodeCommitSource):
        return bool(triggers.push) + bool(triggers.tags)
    return int(isinstance(settings.source, S3Source) and triggers.object_created)
