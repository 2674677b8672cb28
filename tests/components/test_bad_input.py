"""Invalid configuration: the program names the field, ends without a stack trace, and creates nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from sandbox import SandboxError, stack_file
from tests.components.building import PROJECT
from tests.components.program import API_KEY, API_KEY_VALUE, configured, program
from tests.config import samples
from tests.config.samples import integration, short, stack
from tests.harness import World, refused, run

if TYPE_CHECKING:
    from pathlib import Path

SHOP = "integrations.shop"


def errors(world: World) -> list[str]:
    """Return the program's errors, one line for each problem, and assert that it created nothing."""
    (_, *lines), graph = refused(program, world)
    assert graph.resources == [], "the program must create nothing while the configuration has problems"
    return lines


def fields_named(world: World) -> list[str]:
    """Return the fields that the program's errors name."""
    return [line.split(": ")[0] for line in errors(world)]


@pytest.mark.parametrize(
    ("field", "shop"),
    [
        ("source.provider", integration(source={"provider": "svn"})),
        ("source.provider", integration(source={"provider": "codepipeline"})),
        ("review.strategy", integration(review={"strategy": "tags-by-date"})),
        ("projectKey", integration(projectKey=None)),
        ("source.repository", integration(source={"repository": "https://bob:pw@github.com/acme/shop.git"})),
        ("source.repository", integration(source={"repository": "ssh://git@github.com/acme/shop.git"})),
        ("source.repository", integration(source={"repository": "git@github.com:acme/shop.git"})),
        ("source.repository", integration(source={"repository": "http://github.com/acme/shop.git"})),
        ("source.repository", integration(source={"repository": "https://gitlab.com/acme/shop.git"})),
        (
            "source.auth",
            integration(source={"auth": {"connectionArn": samples.CONNECTION, "tokenSecretArn": samples.TOKEN}}),
        ),
        ("source.auth.connectionArn", integration(source={"auth": {"connectionArn": "arn:aws:codeconnections"}})),
        ("source.auth.connectionArn", integration(source={"auth": {"connectionArn": samples.TOKEN}})),
        ("source.auth.tokenSecretArn", integration(source={"auth": {"tokenSecretArn": samples.KEY}})),
        ("source.auth", integration("codecommit", source={"auth": {"connectionArn": samples.CONNECTION}})),
        ("source.auth", integration("s3", source={"auth": {"tokenSecretArn": samples.TOKEN}})),
        ("source.auth.tokenSecretArn", integration("gitlab", source={"auth": {"tokenSecretArn": samples.TOKEN}})),
        ("logs.retentionDays", integration(logs={"retentionDays": 31})),
        ("environment.timeoutMinutes", integration(environment={"timeoutMinutes": 99_999})),
        ("environment.queuedTimeoutMinutes", integration(environment={"queuedTimeoutMinutes": 481})),
        ("environment.vpc.securityGroupIds", integration(environment={"vpc": {**samples.VPC, "securityGroupIds": []}})),
        (
            "environment.vpc.subnetIds",
            integration(environment={"vpc": {"id": "vpc-0abc1234", "securityGroupIds": ["sg-0abc1234"]}}),
        ),
        ("environment.computeType", integration(environment={"computeType": "BUILD_LAMBDA_2GB"})),
        ("environment.type", integration(environment={"type": "ARM_CONTAINER"})),
        ("environment.image", integration(environment={"image": "aws/codebuild/amazonlinux-aarch64-standard:3.0"})),
        ("environment.privilegedMode", integration(environment={"privilegedMode": False})),
        ("environment.variables.FLOW_API_KEY", integration(environment={"variables": {"FLOW_API_KEY": "x"}})),
        ("triggers.push", integration(source={"version": "refs/tags/v1"}, triggers={"push": True})),
        ("triggers.push", integration("codecommit", triggers={"push": {"filePaths": ["src/**"]}})),
        ("triggers.pullRequests", integration("codecommit", triggers={"pullRequests": {}})),
        ("triggers.pullRequests", integration(source={"version": "refs/tags/v1"}, triggers={"pullRequests": {}})),
        (
            "triggers.pullRequests",
            integration(buildspec={"location": "repository"}, triggers={"pullRequests": {}}),
        ),
        (
            "triggers.pullRequests.approverRoles[0]",
            integration(triggers={"pullRequests": {"approverRoles": ["read"]}}),
        ),
        ("scans", integration(review={"strategy": "none"}, scans={"sast": "none", "sca": False})),
        ("source.version", integration(source={"version": 1.10})),
        ("buildspec.path", integration(buildspec={"location": "repository", "path": "../../buildspec.yml"})),
        ("buildspec.path", integration(buildspec={"location": "repository", "path": "arn:aws:s3:::acme/b.yml"})),
        ("buildspec.path", integration(buildspec={"location": "repository", "path": "version: 0.2 #.yml"})),
        ("source.submodules", integration("gitlab", source={"submodules": True})),
        ("source.submodules", integration("codecommit", source={"submodules": True})),
        ("source.version", integration("s3", source={"key": "erp/", "version": "3HL4kqtJ"})),
        ("source.reportStatus", integration(source={"reportStatus": "no"})),
        ("source.reportStatus", integration("codecommit", source={"reportStatus": True})),
        ("triggers", integration("gitlab", review={"strategy": "tags-by-time"})),
        ("triggers.releases", integration("bitbucket", triggers={"releases": True})),
        (
            "triggers.push.excludePaths",
            integration(triggers={"push": {"filePaths": ["src/**"], "excludePaths": ["docs/**"]}}),
        ),
        ("logs.bucketKmsKeyArn", integration(logs={"destination": "s3", "bucketKmsKeyArn": samples.KEY})),
        ("logs.kmsKeyArn", integration(logs={"kmsKeyArn": samples.KEY.replace("us-east-1", "eu-west-1")})),
        (
            "source.auth.tokenSecretArn",
            integration(source={"auth": {"tokenSecretArn": samples.TOKEN.replace("123456789012", "999999999999")}}),
        ),
        (
            "source.auth.connectionArn.stack",
            integration(source={"auth": {"connectionArn": {"stack": "network", "output": "connectionArn"}}}),
        ),
        (
            "source.auth.connectionArn.output",
            integration(source={"auth": {"connectionArn": {"stack": "acme/network/prod"}}}),
        ),
        (
            "logs.bucket.name",
            integration(logs={"destination": "s3", "bucket": {"stack": "a/b/c", "output": "d", "name": "e"}}),
        ),
        ("source.version", integration(source={"version": {"stack": "acme/network/prod", "output": "branch"}})),
        ("environment.certificate", integration(environment={"certificate": {"stack": "a/b/c", "output": "ca"}})),
        (
            "environment.vpc.subnetIds[0].output",
            integration(environment={"vpc": {**samples.VPC, "subnetIds": [{"stack": "a/b/c"}]}}),
        ),
        ("tags.conviso:stack", integration(tags={"conviso:stack": "prod"})),
    ],
    ids=short,
)
def test_a_mistake_in_an_integration_is_reported_and_nothing_is_created(field: str, shop: dict[str, Any]) -> None:
    assert fields_named(configured(stack(integrations={"shop": shop}))) == [f"{SHOP}.{field}"]


@pytest.mark.parametrize(
    ("field", "raw"),
    [
        ("secret.name", stack(secret={"name": "conviso", "existingArn": samples.SECRET})),
        ("secret.createKey", stack(secret={"kmsKeyArn": samples.KEY, "createKey": True})),
        ("secret.tags", stack(secret={"existingArn": samples.SECRET, "tags": {"owner": "appsec"}})),
        ("secret.tags.a;b", stack(secret={"tags": {"a;b": "x"}})),
        ("secret.kmsKeyArn", stack(secret={"kmsKeyArn": samples.KEY.replace("arn:aws:", "arn:aws-cn:")})),
        ("secret.existingArn.stack", stack(secret={"existingArn": {"stack": "keys", "output": "arn"}})),
        ("secret.name", stack(secret={"name": {"stack": "a/b/c", "output": "d"}})),
        ("notifications.topicArn.output", stack(notifications={"topicArn": {"stack": "a/b/c"}})),
        (
            "notifications.topicArn",
            stack(notifications={"topicArn": "arn:aws:sns:eu-west-1:123456789012:appsec"}),
        ),
        ("integrations", {"integrations": {}}),
        ("integrations", {}),
        ("integrations", {"integrations": ["shop"]}),
        ("integrations", {"integrations": "shop"}),
        ("integrations.Shop", {"integrations": {"Shop": integration()}}),
        ("integrations." + "s" * 41, {"integrations": {"s" * 41: integration()}}),
        ("nonsense", stack(nonsense={})),
    ],
    ids=short,
)
def test_a_mistake_in_a_stack_is_reported_and_nothing_is_created(field: str, raw: dict[str, Any]) -> None:
    assert fields_named(configured(raw)) == [field]


@pytest.mark.parametrize("name", ["team.dev", "s" * 29])
def test_a_stack_name_that_aws_does_not_allow_is_reported_and_nothing_is_created(name: str) -> None:
    assert fields_named(configured(stack(), stack=name)) == ["stack"]


def test_an_api_key_that_is_not_secret_is_refused_and_not_repeated() -> None:
    """Without this check, the stack file and the state contain the API key in plain text."""
    assert errors(configured(stack(), secret=False)) == [
        "apiKey: must be secret; set it with: pulumi config set --secret apiKey"
    ]


@pytest.mark.parametrize("key", ["two words", "line\nbreak", " padded", "end\n", "clé", "zero\u200bwidth"])
def test_a_key_that_no_header_can_hold_is_refused_and_not_repeated(key: str) -> None:
    """Without this, `pulumi up` stores the key, and each build fails."""
    assert errors(configured(stack(apiKey=key))) == [
        "apiKey: must be ASCII text without spaces and line breaks; set it with: pulumi config set --secret apiKey"
    ]


def test_a_missing_api_key_is_refused_with_the_command_that_sets_it() -> None:
    assert errors(configured(stack(apiKey=""))) == [
        "apiKey: is required; set it with: pulumi config set --secret apiKey"
    ]


def test_a_missing_api_key_is_reported_together_with_other_problems() -> None:
    assert set(fields_named(configured(stack(apiKey="", nonsense={})))) == {"nonsense", "apiKey"}


@pytest.mark.parametrize("secret", [{"value": "external"}, {"existingArn": samples.SECRET}], ids=short)
def test_no_api_key_is_needed_if_the_stack_does_not_write_it(secret: dict[str, Any]) -> None:
    graph = run(program, configured(stack(apiKey="", secret=secret)))

    assert graph.types()[PROJECT] == 1


def test_any_secret_other_than_the_api_key_is_refused() -> None:
    """Without this check, a secret in another field reaches AWS as plain text, for example in a description."""
    world = World(config=configured(stack()).config, secret_keys=[API_KEY, "conviso-codebuild:integrations"])

    (line,) = errors(world)
    assert line == (
        "integrations: must not hold a secret: only apiKey may be one; "
        "look for `secure:` below conviso-codebuild:integrations in Pulumi.dev.yaml, and remove that field"
    )


@pytest.mark.parametrize("key", ["apiKey", "secret", "defaults", "integrations"])
def test_a_configuration_key_in_the_wrong_namespace_is_reported_with_the_right_one(key: str) -> None:
    """Without this, the error says that the stack names no repository, although its file plainly does."""
    raw = {"integrations": {}} if key == "integrations" else stack()
    world = configured(raw)
    world = World(config={**world.config, f"conviso:{key}": "{}"}, secret_keys=[API_KEY, f"conviso:{key}"])

    assert errors(world) == [f"conviso:{key}: has the wrong namespace; write conviso-codebuild:{key}"]


def test_configuration_of_the_provider_and_the_engine_is_ignored() -> None:
    """Without this, `aws:secret` or `pulumi:defaults` is refused as a key in the wrong namespace."""
    world = configured(stack())
    others = {"aws:secret": "x", "aws:region": "us-east-1", "aws:defaultTags": "{}", "pulumi:defaults": "x"}

    run(program, World(config={**world.config, **others}, secret_keys=[API_KEY]))


@pytest.mark.parametrize("region", ["us east 1", "US-EAST-1", "\x1b[2J", "us-east"])
def test_an_invalid_region_is_a_one_line_error(region: str) -> None:
    """Without this check, the provider fails with two stack traces."""
    world = World(config={**configured(stack()).config, "aws:region": region}, secret_keys=[API_KEY])

    assert errors(world) == ["aws:region: must be a region of AWS such as us-east-1"]


def test_a_failing_call_to_aws_is_an_error_without_a_stack_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_: Any) -> None:
        raise Exception("invoke of aws:index/getRegion:getRegion failed: invalid AWS Region: us-east-9")  # noqa: TRY002 - as the SDK does

    monkeypatch.setattr("pulumi_aws.get_region", fails)

    lines, _ = refused(program, configured(stack()))
    assert lines == [
        "invoke of aws:index/getRegion:getRegion failed: invalid AWS Region: us-east-9",
        "AWS does not answer; check aws:region and your credentials",
    ]


@pytest.mark.parametrize("depth", [60, 400, 100_000])
def test_a_value_that_is_nested_too_deeply_is_a_one_line_error(depth: int) -> None:
    """Without this limit, one of three parsers raises a RecursionError."""
    text = '{"a":' * depth + "1" + "}" * depth

    assert errors(configured(stack(integrations=text))) == ["integrations: is nested deeper than 50 levels"]


def test_a_date_without_quotes_is_refused_with_advice_to_quote_it() -> None:
    """Without this, a date becomes text in the engine's own format, which nobody wrote."""
    shop = integration(
        source={"version": "2024-01-01 00:00:00 +0000 UTC"}, description="2024-01-01 10:00:00.5 +0200 +0200"
    )

    assert errors(configured(stack(integrations={"shop": shop}))) == [
        f"{SHOP}.description: must be text: put a date in quotes",
        f"{SHOP}.source.version: must be text: put a date in quotes",
    ]


def test_the_error_names_the_stack() -> None:
    lines, _ = refused(program, configured({}, stack="prod"))

    assert lines[0] == "The configuration of stack prod has problems:"


def test_no_error_contains_the_api_key() -> None:
    """Without this, a typo in the stack file prints the API key in the terminal and in CI logs."""
    wrong = configured(stack(secret=API_KEY_VALUE, defaults=API_KEY_VALUE, nonsense=API_KEY_VALUE), secret=False)

    assert API_KEY_VALUE not in str(errors(wrong))


@pytest.mark.parametrize("text", ["a: [", "a: b: c", "\tx", "a: 1\na: 2"], ids=json.dumps)
def test_a_stack_file_with_invalid_yaml_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: conviso-codebuild\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(text)

    with pytest.raises(SandboxError, match=r"^Pulumi\.dev\.yaml"):
        stack_file.load(tmp_path, "dev")
