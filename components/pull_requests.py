"""The build project that reviews pull requests.

It runs code whose author may not be trusted, next to a secret. So it shares no role, log group or webhook with the
project that reviews what was merged.
"""

from collections.abc import Sequence
from dataclasses import replace

import pulumi

from . import buildspec
from .api_key import existing_secret
from .aws import pull_requests
from .aws.names import PULL_REQUESTS_SUFFIX, log_group_name, log_prefix, pull_requests_project_name
from .build_project import Webhook, make_build_project
from .buildspec_bucket import BuildspecBucket
from .config import GitSource, PullRequests
from .context import Context
from .project_args import Build, Inputs


def make_pull_requests_project(
    context: Context, inputs: Inputs, buildspecs: BuildspecBucket | None, *, waits_for: Sequence[pulumi.Resource]
) -> pulumi.Output[str | None]:
    """Make the project and return its name; None if the settings ask for none.

    Args:
        context: The context of the integration's first project.
        inputs: What that project's builds use. The login and the log bucket are shared, the log group and prefix not.
        buildspecs: The bucket that holds the buildspec; None if it is inline.
        waits_for: The resources that must exist before the first build.

    """
    settings, source = context.settings, context.settings.source
    wanted = settings.triggers.pull_requests
    if wanted is None or not isinstance(source, GitSource) or source.branch is None:
        return pulumi.Output.from_input(None)
    own = replace(
        context,
        project_name=pull_requests_project_name(context.project_name),
        settings=pull_requests.project_settings(settings, wanted),
        suffix=PULL_REQUESTS_SUFFIX,
    )
    text = buildspec.render_pull_request(settings)
    inputs = replace(_inputs(own, inputs, wanted), buildspec_arn=buildspecs.arn_of(text) if buildspecs else None)
    made = make_build_project(
        own,
        inputs,
        Build(inputs.buildspec_arn or text, buildspec.pull_request_variables(settings)),
        waits_for=waits_for,
        webhook=Webhook(
            pull_requests.filter_groups(source.provider, source.branch),
            pull_requests.build_policy(source.provider, wanted),
        ),
    )
    return made.project.name


def _inputs(context: Context, inputs: Inputs, wanted: PullRequests) -> Inputs:
    settings = context.settings
    if settings.secret is not None:
        path = "triggers.pullRequests.secret." if wanted.secret else "secret."
        key = existing_secret(settings.secret, context.values, path)
        inputs = replace(inputs, secret_arn=key.arn, secret_key=key.key, secret_kms_key_arn=key.kms_key_arn)
    return replace(
        inputs,
        log_group=log_group_name(context.project_name) if settings.logs.to_cloudwatch else None,
        log_prefix=log_prefix(settings.logs.prefix, context.project_name) if settings.logs.to_s3 else None,
    )
