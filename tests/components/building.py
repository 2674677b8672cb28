"""Creates one integration, and gives names to the resource types that the tests look for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi

from components.api_key import SecretReference
from components.integration import ConvisoIntegration
from tests import harness
from tests.config import samples

if TYPE_CHECKING:
    from components.aws.location import AwsLocation
    from components.config import IntegrationSettings
    from tests.harness import Graph

Statement = dict[str, Any]

INTEGRATION = "conviso:index:ConvisoIntegration"
API_KEY = "conviso:index:ApiKey"
NOTIFICATIONS = "conviso:index:Notifications"

BUCKET = "aws:s3/bucket:Bucket"
BUCKET_OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
EVENT_RULE = "aws:cloudwatch/eventRule:EventRule"
EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget"
KEY = "aws:kms/key:Key"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
PROJECT = "aws:codebuild/project:Project"
ROLE = "aws:iam/role:Role"
QUEUE = "aws:sqs/queue:Queue"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
SCHEDULE = "aws:scheduler/schedule:Schedule"
SECRET = "aws:secretsmanager/secret:Secret"
SECRET_VALUE = "aws:secretsmanager/secretVersion:SecretVersion"
TOPIC = "aws:sns/topic:Topic"
WEBHOOK = "aws:codebuild/webhook:Webhook"

LOG_BUCKET_TYPES = (
    BUCKET,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketVersioning:BucketVersioning",
)
"""The resources that make up a log bucket."""

STACK_SECRET = SecretReference(arn=samples.SECRET, key="FLOW_API_KEY")


def statements(graph: Graph, role: str = "shop-role") -> list[Statement]:
    """Return the statements of a role's policy without their Sids."""
    document = json.loads(graph.one(ROLE_POLICY, role).inputs["policy"])
    assert document["Version"] == "2012-10-17", "older versions have no policy variables"
    return [{key: value for key, value in each.items() if key != "Sid"} for each in document["Statement"]]


def build(
    settings: IntegrationSettings,
    *,
    name: str = "shop",
    stack: str = "dev",
    location: AwsLocation = harness.HERE,
    secret: SecretReference = STACK_SECRET,
    **made: str,
) -> Graph:
    """Return the graph of one integration; `made` are arguments that other resources provide."""

    def program() -> None:
        outputs: dict[str, Any] = {key: pulumi.Output.from_input(value) for key, value in made.items()}
        ConvisoIntegration(name, settings, stack=stack, location=location, secret=secret, **outputs)

    return harness.run(program, harness.World(location=location))


def project(provider: str = "github", **choices: Any) -> dict[str, Any]:
    """Return the inputs of the build project for these choices."""
    return build(samples.settings(provider, **choices)).one(PROJECT).inputs
