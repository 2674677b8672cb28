"""The rules between fields.

Each rule is a generator whose parameters are named after the sections that it reads. A rule is skipped if one of its
sections has an error, so that no mistake is reported twice.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .problems import Problem
from .project import RETENTION_DAYS, Buildspec, Logs, RepositoryBuildspec
from .review import AstClient, Client, ClientPackage, Review, SastRange, Scans, Strategy
from .source import GITLABS, CodeCommitSource, GitSource, Provider, S3Source, Source, wrong_host
from .triggers import APPROVER_ROLES, PathFilter, Triggers

Rule = Callable[..., Iterator[Problem]]

# https://docs.aws.amazon.com/codebuild/latest/userguide/github-webhook.html and gitlab-webhook.html
_WITH_RELEASES = frozenset({Provider.GITHUB, *GITLABS})


def _repository_is_on_its_host(source: Source) -> Iterator[Problem]:
    if isinstance(source, GitSource) and (message := wrong_host(source)):
        yield Problem("source.repository", message)


def _one_login(source: Source) -> Iterator[Problem]:
    if not isinstance(source, GitSource) or source.auth is None:
        return
    auth = source.auth
    if (auth.connection_arn is None) == (auth.token_secret_arn is None):
        given = "both" if auth.connection_arn else "neither"
        yield Problem("source.auth", f"must have either connectionArn or tokenSecretArn; got {given}")
    if auth.token_secret_arn and source.provider in GITLABS:
        yield Problem(
            "source.auth.tokenSecretArn",
            f"is not supported for {source.provider}: CodeBuild logs in to GitLab by connections only; "
            "use connectionArn",
        )
    if auth.kms_key_arn and not auth.token_secret_arn:
        yield Problem("source.auth.kmsKeyArn", "is the key of the token's secret; it needs tokenSecretArn")


def _submodules_can_be_fetched(source: Source) -> Iterator[Problem]:
    if isinstance(source, S3Source) or not source.submodules:
        return
    if source.provider in GITLABS:
        yield Problem(
            "source.submodules",
            f"is not supported for {source.provider}: the AWS provider does not send this setting for it",
        )
    if isinstance(source, CodeCommitSource):
        yield Problem(
            "source.submodules", "is not supported for codecommit: the build's role may pull this one repository only"
        )


def _version_is_an_objects(source: Source) -> Iterator[Problem]:
    if isinstance(source, S3Source) and source.version is not None and source.key.endswith("/"):
        yield Problem("source.version", "is the version of one object; a folder has none")


def _client_can_deploy(client: Client, review: Review) -> Iterator[Problem]:
    if client.package is ClientPackage.AST and review.strategy is not Strategy.NONE:
        yield Problem(
            "review.strategy",
            f'must be none with conviso-ast, which has no deploys; got "{review.strategy}"',
        )


def _auto_close_needs_sast(client: Client, scans: Scans) -> Iterator[Problem]:
    if isinstance(client, AstClient) and client.auto_close and scans.sast is SastRange.NONE:
        yield Problem(
            "client.autoClose",
            "compares open findings with a SAST scan of everything; it needs scans.sast repository or last-commit",
        )


def _flowcli_needs_a_project(client: Client, project_key: str | None) -> Iterator[Problem]:
    if client.package is ClientPackage.FLOWCLI and project_key is None:
        yield Problem("projectKey", "is required with conviso-flowcli: the key of the project on Conviso Platform")


def _tag_prefix_needs_tags(review: Review) -> Iterator[Problem]:
    if review.tag_prefix is not None and not review.strategy.reads_tags:
        yield Problem("review.tagPrefix", f"needs a tag strategy; strategy is {review.strategy}")


def _deploy_range_needs_deploys(review: Review, scans: Scans) -> Iterator[Problem]:
    if scans.sast is SastRange.DEPLOY_RANGE and review.strategy is Strategy.NONE:
        yield Problem("scans.sast", "deploy-range needs a review.strategy other than none; use repository")


def _something_to_do(review: Review, scans: Scans) -> Iterator[Problem]:
    scanners = (scans.sast is not SastRange.NONE, scans.sca, scans.iac)
    if review.strategy is Strategy.NONE and not any(scanners):
        yield Problem(
            "scans",
            "nothing to do: review.strategy is none and every scan is off; choose a strategy, or turn a scan on",
        )


def _fail_on_needs_sast(scans: Scans) -> Iterator[Problem]:
    if scans.fail_on is not None and scans.sast is SastRange.NONE:
        yield Problem("scans.failOn", "counts SAST findings; it needs scans.sast other than none")


def _push_fits_the_source(source: Source, triggers: Triggers) -> Iterator[Problem]:
    if not triggers.push:
        return
    if isinstance(source, S3Source):
        yield Problem("triggers.push", "is not supported for s3: a bucket has no pushes")
    elif source.branch is None:
        yield Problem(
            "triggers.push",
            "needs a branch as source.version, not a tag or commit; name a branch, or set triggers.push to false",
        )
    if isinstance(source, CodeCommitSource) and isinstance(triggers.push, PathFilter):
        yield Problem("triggers.push", "cannot filter paths for codecommit, whose events name none; use true")


def _tags_fit_the_source(source: Source, triggers: Triggers) -> Iterator[Problem]:
    if triggers.tags and isinstance(source, S3Source):
        yield Problem("triggers.tags", "is not supported for s3: a bucket has no tags")


def _object_created_fits_the_source(source: Source, triggers: Triggers) -> Iterator[Problem]:
    if not triggers.object_created:
        return
    if not isinstance(source, S3Source):
        yield Problem("triggers.objectCreated", f"is for s3 only; source.provider is {source.provider}")
    elif source.key.endswith("/"):
        yield Problem(
            "triggers.objectCreated",
            "needs a .zip object as source.key: a folder would start one build for each of its objects",
        )
    elif source.version is not None:
        yield Problem(
            "triggers.objectCreated",
            "would build source.version again whatever object is created; remove source.version",
        )


def _pull_requests_fit_the_source(source: Source, triggers: Triggers) -> Iterator[Problem]:
    wanted = triggers.pull_requests
    if wanted is None:
        return
    if not isinstance(source, GitSource):
        yield Problem("triggers.pullRequests", f"is not supported for {source.provider}, which sends no such event")
        return
    if source.branch is None:
        yield Problem(
            "triggers.pullRequests",
            "needs a branch as source.version, since pull requests to that branch are reviewed",
        )
    roles = APPROVER_ROLES[source.provider]
    unknown = [role for role in wanted.approver_roles or () if role not in roles]
    if unknown:
        yield Problem(
            "triggers.pullRequests.approverRoles",
            f"must be one of {', '.join(roles)} for {source.provider}; got {', '.join(unknown)}",
        )


def _pull_requests_do_not_bring_their_buildspec(buildspec: Buildspec, triggers: Triggers) -> Iterator[Problem]:
    if triggers.pull_requests is not None and isinstance(buildspec, RepositoryBuildspec):
        yield Problem(
            "triggers.pullRequests",
            "is not supported with buildspec.location repository: each pull request would bring the commands that run "
            "beside the API key; use inline",
        )


def _pull_requests_are_scanned(scans: Scans, triggers: Triggers) -> Iterator[Problem]:
    if triggers.pull_requests is not None and not (scans.sast is not SastRange.NONE or scans.sca or scans.iac):
        yield Problem(
            "triggers.pullRequests", "has nothing to do: it makes no deploy, and every scan is off; turn a scan on"
        )


def _releases_fit_the_source(source: Source, triggers: Triggers) -> Iterator[Problem]:
    if triggers.releases and source.provider not in _WITH_RELEASES:
        hosts = ", ".join(provider for provider in Provider if provider in _WITH_RELEASES)
        yield Problem(
            "triggers.releases", f"is not supported for {source.provider}: AWS has release events only for {hosts}"
        )


def _gitlab_tags_have_a_trigger(source: Source, review: Review, triggers: Triggers) -> Iterator[Problem]:
    chosen = triggers.model_fields_set & {"push", "tags", "releases"}
    if source.provider in GITLABS and review.strategy.reads_tags and not chosen:
        yield Problem(
            "triggers",
            f"must say what starts a build, since AWS documents no event for tags of {source.provider}: set releases, "
            "tags or push, or set one of them to false for builds that are only started by hand",
        )


def _logs_fit_their_destination(logs: Logs) -> Iterator[Problem]:
    days, chosen = logs.retention_days, "retention_days" in logs.model_fields_set
    if logs.to_cloudwatch and days not in RETENTION_DAYS:
        offered = ", ".join(map(str, RETENTION_DAYS))
        yield Problem("logs.retentionDays", f"must be a value that CloudWatch Logs offers ({offered}); got {days}")
    if chosen and logs.bucket is not None and not logs.to_cloudwatch:
        yield Problem(
            "logs.retentionDays", "is not supported with logs.bucket: the bucket's owner decides its lifecycle"
        )
    if logs.kms_key_arn is not None and not logs.to_cloudwatch:
        yield Problem("logs.kmsKeyArn", "is the log group's key; it needs destination cloudwatch or both")
    of_s3 = {"bucket": logs.bucket, "prefix": logs.prefix, "bucketKmsKeyArn": logs.bucket_kms_key_arn}
    for name, value in of_s3.items():
        if value is not None and not logs.to_s3:
            yield Problem(f"logs.{name}", "needs destination s3 or both")
    if logs.bucket_kms_key_arn is not None and logs.bucket is None and logs.to_s3:
        yield Problem("logs.bucketKmsKeyArn", "is the key of your own bucket; it needs logs.bucket")


INTEGRATION_RULES: tuple[Rule, ...] = (
    _repository_is_on_its_host,
    _one_login,
    _submodules_can_be_fetched,
    _version_is_an_objects,
    _client_can_deploy,
    _auto_close_needs_sast,
    _flowcli_needs_a_project,
    _tag_prefix_needs_tags,
    _deploy_range_needs_deploys,
    _something_to_do,
    _fail_on_needs_sast,
    _push_fits_the_source,
    _tags_fit_the_source,
    _object_created_fits_the_source,
    _pull_requests_fit_the_source,
    _pull_requests_do_not_bring_their_buildspec,
    _pull_requests_are_scanned,
    _releases_fit_the_source,
    _gitlab_tags_have_a_trigger,
    _logs_fit_their_destination,
)

_READS = {rule: tuple(inspect.signature(rule).parameters) for rule in INTEGRATION_RULES}


@dataclass(frozen=True)
class BrokenRule:
    """A rule that is broken: the problem, and the sections that the rule reads."""

    problem: Problem
    sections: tuple[str, ...]


def broken(sections: Mapping[str, Any]) -> list[BrokenRule]:
    """The rules that are broken between these sections, which are valid by themselves."""
    return [
        BrokenRule(problem, names)
        for rule, names in _READS.items()
        if all(name in sections for name in names)
        for problem in rule(**{name: sections[name] for name in names})
    ]
