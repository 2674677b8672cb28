"""ConvisoIntegration as a Pulumi component package, for programs in TypeScript, Go, .NET, Java and YAML.

Pulumi starts this file as a plugin and reads the schema from the annotations and docstrings below.
"""

import json
import sys
from typing import Any, NoReturn, NotRequired, TypedDict

import pulumi
from conviso_codebuild import integration
from conviso_codebuild.api_key import SecretReference
from conviso_codebuild.buildspec.version import VERSION
from conviso_codebuild.config import ConfigError, ExistingSecret, IntegrationSettings, Problem, parse_integration
from conviso_codebuild.stack import current_location
from pulumi.provider import ConstructResult, main
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ComponentInitError


class IntegrationArgs(TypedDict):
    """A repository, how it is reviewed, and what other resources of the same program it uses."""

    settings: dict[str, Any]
    """The fields of an integration, as in a stack file: source, review, scans and so on. Its values are plain."""
    secret_arn: pulumi.Input[str]
    """Full ARN of the secret that holds the API key of Conviso Platform."""
    secret_key: NotRequired[str]
    """Key of the API key in the secret's JSON; FLOW_API_KEY by default."""
    secret_kms_key_arn: NotRequired[pulumi.Input[str]]
    """Customer key that encrypts the secret, if there is one."""
    connection_arn: NotRequired[pulumi.Input[str]]
    """CodeConnections connection, instead of source.auth in the settings."""
    token_secret_arn: NotRequired[pulumi.Input[str]]
    """Secret that holds an access token, instead of source.auth in the settings."""
    source_bucket: NotRequired[pulumi.Input[str]]
    """Name of the bucket that holds the source, instead of source.bucket in the settings."""
    log_bucket: NotRequired[pulumi.Input[str]]
    """Name of the bucket for logs, instead of logs.bucket in the settings."""


class ConvisoIntegration(integration.ConvisoIntegration):
    """A repository that CodeBuild reviews with the Conviso client: build project, role, logs, and what starts it."""

    # These repeat the outputs of the library's component: Pulumi reads descriptions only from the source of this class.
    project_name: pulumi.Output[str]
    """Name of the build project."""
    project_arn: pulumi.Output[str]
    """ARN of the build project."""
    role_arn: pulumi.Output[str]
    """ARN of the role that builds run as."""
    log_group_name: pulumi.Output[str | None]
    """Name of the log group; absent where logs go to S3 only."""
    log_bucket: pulumi.Output[str | None]
    """Name of the bucket for logs; absent where they go to CloudWatch only."""
    secret_arn: pulumi.Output[str]
    """ARN of the secret that holds the API key."""
    webhook_url: pulumi.Output[str | None]
    """Address of the webhook on the git host; absent without a webhook."""
    trigger_rule_arns: pulumi.Output[list[str]]
    """ARNs of the EventBridge rules that start builds."""
    schedule_arn: pulumi.Output[str | None]
    """ARN of the schedule that starts builds; absent without one."""
    pull_request_project_name: pulumi.Output[str | None]
    """Name of the build project that reviews pull requests; absent where they are not reviewed."""
    console_url: pulumi.Output[str | None]
    """The build project's page in the AWS console; absent in a partition whose console is not public."""
    buildspec_path: pulumi.Output[str | None]
    """Path of the buildspec in the repository; absent where it is inline."""

    def __init__(self, name: str, args: IntegrationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(
            name,
            _parsed(args["settings"]),
            stack=pulumi.get_stack(),
            location=current_location(pulumi.InvokeOptions(provider=_aws_provider(opts))),
            secret=SecretReference(
                arn=args["secret_arn"],
                key=args.get("secret_key", ExistingSecret.model_fields["key"].default),
                kms_key_arn=args.get("secret_kms_key_arn"),
            ),
            connection_arn=args.get("connection_arn"),
            token_secret_arn=args.get("token_secret_arn"),
            source_bucket=args.get("source_bucket"),
            log_bucket=args.get("log_bucket"),
            opts=opts,
        )


class Host(ComponentProvider):
    """Serves the component. Mistakes in the settings are reported by field, without a stack trace."""

    def construct(
        self, name: str, resource_type: str, inputs: pulumi.Inputs, options: pulumi.ResourceOptions | None = None
    ) -> ConstructResult:
        """Make the component. Raises InputPropertiesError with all problems of the settings."""
        try:
            return super().construct(name, resource_type, inputs, options)
        except ComponentInitError as error:
            if not isinstance(error.inner, ConfigError):
                raise
            problems = [
                each if each.path in ("name", "stack") else each.under("settings") for each in error.inner.problems
            ]
            raise pulumi.InputPropertiesError(
                f"The settings of {name} have problems",
                [{"property_path": each.path, "reason": each.message} for each in problems],
            ) from None


def _aws_provider(opts: pulumi.ResourceOptions | None) -> pulumi.ProviderResource | None:
    """The provider that the program passed to the component; None if the default provider makes its resources."""
    providers = opts.providers if opts else None
    return providers.get("aws") if isinstance(providers, dict) else None


def _parsed(settings: dict[str, Any]) -> IntegrationSettings:
    text = json.dumps(settings, default=_refuse)
    return parse_integration(json.loads(text, parse_float=_number))


def _number(text: str) -> int | float:
    # Pulumi passes whole numbers as floats, too.
    value = float(text)
    return int(value) if value.is_integer() else value


def _refuse(_value: object) -> NoReturn:
    raise ConfigError([Problem("", "must hold plain values: what another resource makes has inputs of its own")])


if __name__ == "__main__":
    main(Host([ConvisoIntegration], "conviso", version=VERSION), sys.argv[1:])
