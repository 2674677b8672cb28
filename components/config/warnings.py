"""What a configuration may say, though it does not do what one may expect of it."""

from collections.abc import Iterator

from .integration import IntegrationSettings
from .problems import Problem
from .project import RepositoryBuildspec
from .review import SastRange
from .source import S3Source


def warnings(settings: IntegrationSettings) -> Iterator[Problem]:
    """What is allowed, but does not do what one may expect of it."""
    yield from _about_buildspec(settings)
    yield from _about_triggers(settings)


def _about_buildspec(settings: IntegrationSettings) -> Iterator[Problem]:
    triggers = settings.triggers
    if isinstance(settings.buildspec, RepositoryBuildspec) and (triggers.tags or triggers.releases):
        yield Problem(
            "buildspec.location",
            "is repository, and tags or releases start builds: whoever may push a tag, on any commit, decides what "
            "runs beside the API key, and branch protection does not help; use inline, or protect tags on the host",
        )


def _about_triggers(settings: IntegrationSettings) -> Iterator[Problem]:
    triggers, source, scans = settings.triggers, settings.source, settings.scans
    if not triggers.start_builds:
        yield Problem("triggers", "is empty: nothing starts this integration but a person or a program of yours")
    if triggers.schedule and scans.sast is SastRange.DEPLOY_RANGE and not (scans.sca or scans.iac):
        yield Problem(
            "triggers.schedule",
            "starts builds that scan nothing on a day without pushes: the only scan is deploy-range; "
            "use scans.sast repository, or add scans.sca",
        )
    if triggers.object_created and isinstance(source, S3Source):
        yield Problem(
            "triggers.objectCreated",
            f"starts builds only once the owner of {source.bucket} has switched EventBridge on: add "
            '"EventBridgeConfiguration": {} to what `aws s3api get-bucket-notification-configuration` prints, '
            "and pass it to put-bucket-notification-configuration",
        )
