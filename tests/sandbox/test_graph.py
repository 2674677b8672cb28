from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi import ComponentResource, Output, ResourceOptions
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

import sandbox
from sandbox import export, report
from tests.sandbox import programs

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox.conftest import Make

KEY = "a-key-that-nobody-may-see"


class Part(ComponentResource):
    def __init__(self, name: str) -> None:
        super().__init__("test:index:Part", name)
        self.group = cloudwatch.LogGroup(f"{name}-logs", opts=ResourceOptions(parent=self))
        self.register_outputs({"logs": self.group.name})


def test_a_component_keeps_its_children_and_its_outputs(make: Make) -> None:
    part, group = make(lambda: Part("shop")).resources
    assert (part.custom, part.urn) == (False, "urn:pulumi:dev::shop::test:index:Part::shop")
    assert group.parent == part.urn
    assert group.urn == "urn:pulumi:dev::shop::test:index:Part$aws:cloudwatch/logGroup:LogGroup::shop-logs"
    assert part.outputs == {"logs": group.physical_name}


def test_a_urn_names_the_types_of_all_parents_as_the_real_engine_does(make: Make) -> None:
    def program() -> None:
        outer = Part("outer")
        inner = ComponentResource("test:index:Inner", "inner", opts=ResourceOptions(parent=outer))
        cloudwatch.LogGroup("deep", opts=ResourceOptions(parent=inner))

    urn = next(resource.urn for resource in make(program).resources if resource.name == "deep")
    assert urn.split("::")[2] == "test:index:Part$test:index:Inner$aws:cloudwatch/logGroup:LogGroup"


def test_needs_are_recorded_whether_by_value_or_by_option(make: Make) -> None:
    def program() -> None:
        role = programs.role()
        group = cloudwatch.LogGroup("logs")
        programs.project(service_role=role.arn, opts=ResourceOptions(depends_on=[group]))

    role, group, project = sorted(make(program).resources, key=lambda resource: resource.type == programs.PROJECT_TYPE)
    assert set(project.dependencies) == {role.urn, group.urn}


def test_what_replaces_a_resource_is_recorded(make: Make) -> None:
    def program() -> None:
        options = ResourceOptions(replacement_trigger=["GITHUB", "url"], delete_before_replace=True)
        cloudwatch.LogGroup("logs", opts=options)

    (group,) = make(program).resources
    assert (group.replacement_trigger, group.delete_before_replace) == (["GITHUB", "url"], True)


def test_absent_names_are_made_up_from_the_logical_name_and_the_same_in_each_run(make: Make) -> None:
    def program() -> None:
        cloudwatch.LogGroup("logs")
        s3.Bucket("files")
        iam.Role("build", assume_role_policy=programs.TRUST, name_prefix="acme-")

    first, second = ({r.name: r.physical_name for r in make(program).resources} for _ in range(2))
    assert first == second
    assert re.fullmatch("logs-[0-9a-f]{7}", str(first["logs"]))
    assert re.fullmatch("acme-[0-9a-f]{26}", str(first["build"])), "the provider finishes a prefix"


def test_a_name_that_is_given_stays(make: Make) -> None:
    (group,) = make(lambda: cloudwatch.LogGroup("logs", name="/aws/mine")).resources
    assert group.physical_name == "/aws/mine"


def test_aws_itself_decides_what_only_it_can(make: Make) -> None:
    def program() -> None:
        key = kms.Key("key", enable_key_rotation=True)
        secret = secretsmanager.Secret("secret", name="mine", kms_key_id=key.arn)
        secretsmanager.SecretVersion("version", secret_id=secret.id, secret_string="{}")

    result = make(program)
    by_name = {resource.name: resource for resource in result.resources}
    assert result.problems == []
    assert by_name["secret"].inputs["kmsKeyId"] == by_name["key"].outputs["arn"]
    assert by_name["version"].id == f"{by_name['secret'].id}|{by_name['version'].outputs['versionId']}"


def test_identifiers_that_aws_makes_up_are_the_same_in_each_run(make: Make) -> None:
    def program() -> None:
        kms.Key("key")
        secret = secretsmanager.Secret("secret", name="mine")
        secretsmanager.SecretVersion("version", secret_id=secret.id, secret_string="{}")

    assert make(program).resources == make(program).resources


def test_a_bucket_and_all_that_belongs_to_it_is_accepted(make: Make) -> None:
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


def test_a_region_that_does_not_exist_is_refused(make: Make) -> None:
    with pytest.raises(sandbox.SandboxError, match=r"^aws:region: .* no CodeBuild in a region us-esat-1$"):
        make(programs.project, {"aws:region": "us-esat-1"})


def test_a_token_in_place_of_the_region_is_not_repeated(make: Make) -> None:
    """Without this, a secret that was pasted there appears in the terminal and in CI logs."""
    with pytest.raises(sandbox.SandboxError, match=r"^aws:region: .* in a region of this name$"):
        make(programs.project, {"aws:region": "ghp_a1B2c3D4e5F6g7H8i9"})


def test_a_bucket_is_made_in_every_region(make: Make) -> None:
    """Without this, the sandbox refuses buckets in regions that S3's published list lacks."""
    assert make(lambda: s3.Bucket("files"), {"aws:region": "eusc-de-east-1"}).problems == []


def test_an_absent_region_is_assumed_and_said(project: Path) -> None:
    result = sandbox.run(project, "dev", {}, program=lambda: None)
    assert result.region == "us-east-1"
    assert "aws:region is not set; assumed us-east-1" in result.notes


def secret_program() -> None:
    key = pulumi.Config().require_secret("apiKey")
    secret = secretsmanager.Secret("secret", name="mine")
    secretsmanager.SecretVersion("version", secret_id=secret.id, secret_string=key)
    # AWS refuses this one, and its message could repeat the value.
    variables = [{"name": "KEY", "value": key, "type": key}]
    programs.project(environment={"type": "LINUX_CONTAINER", "image": "i", "environmentVariables": variables})
    pulumi.export("key", key)
    pulumi.export("nested", Output.all(key).apply(lambda values: {"deep": values}))
    pulumi.log.warn(f"a careless program says {KEY}")


def test_a_secret_is_masked_in_everything_that_leaves_the_sandbox(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.stack_file.PLACEHOLDER", KEY)
    result = sandbox.run(project, "dev", {"apiKey": {"secure": "v1:abc"}}, program=secret_program)
    assert result.outputs["key"] == "[secret]"
    assert any("must be one of PLAINTEXT" in problem.message for problem in result.problems)
    everything = [export.as_json(result), export.as_mermaid(result), *report.lines(result), str(result)]
    assert KEY not in "\n".join([*everything, *map(str, result.problems)])


@pytest.mark.parametrize(
    ("config", "note"),
    [
        ({}, "shop:apiKey: placeholder (the stack file has none)"),
        ({"apiKey": {"secure": "v1:abc"}}, "shop:apiKey: placeholder (encrypted in the stack file)"),
    ],
)
def test_a_placeholder_stands_for_the_key_and_is_said(make: Make, config: dict[str, Any], note: str) -> None:
    def program() -> None:
        pulumi.export("given", pulumi.Config().require_secret("apiKey").apply(lambda key: len(key) > 0))

    result = make(program, config)
    assert note in result.notes
    assert result.outputs == {"given": "[secret]"}


def test_a_plain_key_reaches_the_program_as_plain(make: Make) -> None:
    secret: list[bool] = []
    make(lambda: secret.append(pulumi.runtime.is_config_secret("shop:apiKey")), {"apiKey": KEY})
    assert secret == [False]


def test_a_wrong_configuration_ends_with_its_message_and_without_the_plain_key(make: Make) -> None:
    def program() -> None:
        raise pulumi.RunError(f"apiKey: must be secret, got {KEY}\ncount: must be more")

    with pytest.raises(sandbox.SandboxError) as caught:
        make(program, {"apiKey": KEY})
    assert str(caught.value) == "apiKey: must be secret, got [secret]\ncount: must be more"


def test_a_program_that_gives_up_later_leaves_a_problem_beside_the_others(make: Make) -> None:
    def program() -> None:
        group = cloudwatch.LogGroup("logs", retention_in_days=31)

        def give_up(_: str) -> None:
            raise pulumi.RunError("not like this")

        group.name.apply(give_up)

    assert [str(problem).split(":")[0] for problem in make(program).problems] == [
        "logs (aws",
        "not like this",
    ]


def test_an_unexpected_error_of_the_program_comes_out_as_it_is(make: Make) -> None:
    with pytest.raises(ZeroDivisionError):
        make(lambda: 1 // 0)


def test_the_settings_of_one_run_do_not_reach_the_next(make: Make) -> None:
    make(lambda: None, {"count": 9})
    assert pulumi.Config("shop").get("count") is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_PROFILE", "nobody"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
        ("AWS_CONFIG_FILE", "/nowhere"),
        ("MOTO_ACCOUNT_ID", "999999999999"),
        ("PULUMI_CONFIG", '{"shop:extra": "ambient"}'),
    ],
)
def test_the_surrounding_shell_changes_nothing(
    make: Make, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    def program() -> None:
        pulumi.export("extra", pulumi.Config().get("extra") or "none")
        programs.project()

    expected = make(program)
    monkeypatch.setenv(name, value)
    result = make(program)
    assert (result.resources, result.problems, result.outputs) == (expected.resources, [], {"extra": "none"})
