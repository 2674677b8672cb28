"""What the sandbox records of a program: resources, names, dependencies and outputs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pulumi
import pytest
from pulumi import ComponentResource, ResourceOptions
from pulumi_aws import (
    cloudwatch,
    get_caller_identity_output,
    get_partition_output,
    get_region_output,
    iam,
    kms,
    s3,
    secretsmanager,
)

from tests.sandbox import programs

if TYPE_CHECKING:
    from tests.sandbox.conftest import Make


class Part(ComponentResource):
    def __init__(self, name: str) -> None:
        super().__init__("test:index:Part", name)
        self.group = cloudwatch.LogGroup(f"{name}-logs", opts=ResourceOptions(parent=self))
        self.register_outputs({"logs": self.group.name})


def test_a_component_keeps_its_children_and_its_outputs(make: Make) -> None:
    """Without this, reports and diagrams cannot show which resources belong to an integration."""
    part, group = make(lambda: Part("shop")).resources
    assert (part.custom, part.urn) == (False, "urn:pulumi:dev::shop::test:index:Part::shop")
    assert group.parent == part.urn
    assert group.urn == "urn:pulumi:dev::shop::test:index:Part$aws:cloudwatch/logGroup:LogGroup::shop-logs"
    assert part.outputs == {"logs": group.physical_name}


def test_a_urn_contains_the_types_of_all_parents_as_in_the_real_engine(make: Make) -> None:
    """Without this, the sandbox accepts two resources that have the same URN in a real engine."""

    def program() -> None:
        outer = Part("outer")
        inner = ComponentResource("test:index:Inner", "inner", opts=ResourceOptions(parent=outer))
        cloudwatch.LogGroup("deep", opts=ResourceOptions(parent=inner))

    urn = next(resource.urn for resource in make(program).resources if resource.name == "deep")
    assert urn.split("::")[2] == "test:index:Part$test:index:Inner$aws:cloudwatch/logGroup:LogGroup"


def test_dependencies_by_value_and_by_option_are_recorded(make: Make) -> None:
    """Without this, no test notices that a project no longer waits for its role."""

    def program() -> None:
        role = programs.role()
        group = cloudwatch.LogGroup("logs")
        programs.project(service_role=role.arn, opts=ResourceOptions(depends_on=[group]))

    role, group, project = sorted(make(program).resources, key=lambda resource: resource.type == programs.PROJECT_TYPE)
    assert set(project.dependencies) == {role.urn, group.urn}


def test_options_that_control_replacement_are_recorded(make: Make) -> None:
    """Without this, no test notices that a change of repository keeps the old webhook."""

    def program() -> None:
        options = ResourceOptions(replacement_trigger=["GITHUB", "url"], delete_before_replace=True)
        cloudwatch.LogGroup("logs", opts=options)

    (group,) = make(program).resources
    assert (group.replacement_trigger, group.delete_before_replace) == (["GITHUB", "url"], True)


def test_generated_names_begin_with_the_logical_name_and_are_the_same_in_each_run(make: Make) -> None:
    """Without this, two runs of the same stack differ, and names have another length than in AWS."""

    def program() -> None:
        cloudwatch.LogGroup("logs")
        s3.Bucket("files")
        iam.Role("build", assume_role_policy=programs.TRUST, name_prefix="acme-")

    first, second = ({r.name: r.physical_name for r in make(program).resources} for _ in range(2))
    assert first == second
    assert re.fullmatch("logs-[0-9a-f]{7}", str(first["logs"]))
    assert re.fullmatch("acme-[0-9a-f]{26}", str(first["build"])), "the provider finishes a prefix"


def test_a_configured_name_is_kept(make: Make) -> None:
    """Without this, the sandbox checks another name than AWS gets."""
    (group,) = make(lambda: cloudwatch.LogGroup("logs", name="/aws/mine")).resources
    assert group.physical_name == "/aws/mine"


def test_values_that_aws_assigns_reach_other_resources(make: Make) -> None:
    """Without this, a resource refers to a key or a secret that does not exist."""

    def program() -> None:
        key = kms.Key("key", enable_key_rotation=True)
        secret = secretsmanager.Secret("secret", name="mine", kms_key_id=key.arn)
        secretsmanager.SecretVersion("version", secret_id=secret.id, secret_string="{}")

    result = make(program)
    by_name = {resource.name: resource for resource in result.resources}
    assert result.problems == []
    assert by_name["secret"].inputs["kmsKeyId"] == by_name["key"].outputs["arn"]
    assert by_name["version"].id == f"{by_name['secret'].id}|{by_name['version'].outputs['versionId']}"


def test_identifiers_that_aws_assigns_are_the_same_in_each_run(make: Make) -> None:
    """Without this, two runs of the same stack cannot be compared."""

    def program() -> None:
        kms.Key("key")
        secret = secretsmanager.Secret("secret", name="mine")
        secretsmanager.SecretVersion("version", secret_id=secret.id, secret_string="{}")

    assert make(program).resources == make(program).resources


def test_a_bucket_and_its_settings_are_accepted(make: Make) -> None:
    """Without this, the sandbox refuses a stack that AWS accepts, in only some regions."""

    def program() -> None:
        bucket = s3.Bucket("files", tags={"owner": "appsec"}, force_destroy=True)
        s3.BucketPublicAccessBlock("files", bucket=bucket.id, block_public_acls=True, block_public_policy=True)
        s3.BucketVersioning("files", bucket=bucket.id, versioning_configuration={"status": "Enabled"})
        s3.BucketOwnershipControls("files", bucket=bucket.id, rule={"object_ownership": "BucketOwnerEnforced"})
        s3.BucketServerSideEncryptionConfiguration(
            "files",
            bucket=bucket.id,
            rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
        )
        s3.BucketLifecycleConfiguration(
            "files",
            bucket=bucket.id,
            rules=[{"id": "expire", "status": "Enabled", "filter": {"prefix": ""}, "expiration": {"days": 30}}],
        )
        statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::x/*"}
        s3.BucketPolicy("files", bucket=bucket.id, policy=json.dumps({"Statement": statement}))

    for region in ("us-east-1", "eu-west-1"):
        assert make(program, {"aws:region": region}).problems == []


def test_rules_and_their_targets_are_accepted(make: Make) -> None:
    """Without this, the sandbox refuses every stack with a CodeCommit source."""

    def program() -> None:
        rule = cloudwatch.EventRule("pushed", event_pattern='{"source": ["aws.codecommit"]}', state="ENABLED")
        cloudwatch.EventTarget(
            "pushed",
            rule=rule.name,
            arn=programs.project().arn,
            role_arn=programs.role().arn,
            input_transformer={"input_paths": {"commit": "$.detail.commitId"}, "input_template": '{"v": "<commit>"}'},
        )

    assert make(program).problems == []


def test_stack_outputs_are_recorded(make: Make) -> None:
    """Without this, no test sees what other stacks read."""

    def program() -> None:
        pulumi.export("arn", programs.role(name="build").arn)

    assert make(program).outputs == {"arn": "arn:aws:iam::123456789012:role/build"}


@pytest.mark.parametrize(
    ("region", "partition", "domain"),
    [
        ("eu-west-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
        ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
        ("us-iso-east-1", "aws-iso", "c2s.ic.gov"),
    ],
)
def test_data_sources_answer_for_the_configured_region(make: Make, region: str, partition: str, domain: str) -> None:
    """Without this, a stack in China or GovCloud gets ARNs of another partition."""

    def program() -> None:
        pulumi.export("region", get_region_output().region)
        pulumi.export("account", get_caller_identity_output().account_id)
        pulumi.export("partition", get_partition_output().partition)
        pulumi.export("domain", get_partition_output().dns_suffix)
        pulumi.export("role", programs.role(name="build").arn)

    assert make(program, {"aws:region": region}).outputs == {
        "region": region,
        "account": "123456789012",
        "partition": partition,
        "domain": domain,
        "role": f"arn:{partition}:iam::123456789012:role/build",
    }
