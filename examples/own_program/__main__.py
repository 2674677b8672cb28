"""A team's own program, which reviews a repository and creates the connection and the log bucket for it."""

import pulumi
from conviso_codebuild.api_key import ApiKey
from conviso_codebuild.config import GitSource, IntegrationSettings, LogDestination, Logs, MadeSecret, Provider
from conviso_codebuild.integration import ConvisoIntegration
from conviso_codebuild.stack import current_location
from pulumi_aws import codeconnections, s3

stack = pulumi.get_stack()
location = current_location()

# The connection is PENDING until a person completes it in the AWS console.
connection = codeconnections.Connection("github", provider_type="GitHub")

build_logs = s3.Bucket("build-logs")
s3.BucketPublicAccessBlock(
    "build-logs",
    bucket=build_logs.id,
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
)

api_key = ApiKey(
    "conviso",
    MadeSecret(recovery_window_days=7),
    stack=stack,
    location=location,
    value=pulumi.Config().require_secret("apiKey"),
)

shop_api = ConvisoIntegration(
    "shop-api",
    IntegrationSettings(
        project_key="kXyZ12",
        source=GitSource(provider=Provider.GITHUB, repository="https://github.com/acme/shop-api.git", version="main"),
        logs=Logs(destination=LogDestination.S3),
        tags={"owner": "shop"},
    ),
    stack=stack,
    location=location,
    secret=api_key.reference,
    connection_arn=connection.arn,
    log_bucket=build_logs.bucket,
)

pulumi.export("connection", connection.arn)
pulumi.export("reviewProject", shop_api.project_name)
pulumi.export("reviewConsole", shop_api.console_url)
