"""Every rendered policy passes a published linter, which knows the actions, resources and condition keys of AWS."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import parliament  # type: ignore[import-untyped]
import pytest

from components.aws import notifications, policies
from docs.permissions import POLICIES
from tests import harness
from tests.components.building import ROLE, ROLE_POLICY, build
from tests.config import samples
from tests.config.samples import PROVIDERS, settings
from tests.docs.stacks import policy as documented_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.harness import Graph

LOGINS: Mapping[str, dict[str, Any]] = {
    "connection": {"auth": {"connectionArn": samples.CONNECTION}},
    "old-connection": {"auth": {"connectionArn": samples.OLD_CONNECTION}},
    "token": {"auth": {"tokenSecretArn": samples.TOKEN, "kmsKeyArn": samples.KEY}},
}
EVERYTHING: dict[str, Any] = {
    "environment": {
        "vpc": samples.VPC,
        "certificate": samples.CERTIFICATE,
        "image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/build:1",
    },
    "logs": {"destination": "both"},
    "secret": {"existingArn": samples.SECRET, "kmsKeyArn": samples.KEY},
}

# Each accepted finding, by the kind of its document, its name and a part of its detail, with the reason.
SUPPRESSED: Mapping[tuple[str, str, str], str] = {
    (
        "trust",
        "MALFORMED",
        "neither Resource nor NotResource",
    ): "a trust policy has no Resource: it applies to its role",
    ("key", "RESOURCE_STAR", "kms:"): "in a key policy, `*` means that key",
    ("deploy", "RESOURCE_POLICY_PRIVILEGE_ESCALATION", "arn:aws:s3:::conviso-"): (
        "whoever creates a bucket sets its policy, and so could read its objects: docs/permissions.md says so"
    ),
}


def lint(document: Any) -> list[tuple[str, str]]:
    """Return the name and detail of each of the linter's findings about a document."""
    found = parliament.analyze_policy_string(json.dumps(document), ignore_private_auditors=True).findings
    return [(each.issue, str(each.detail)) for each in found]


def findings(document: Any, kind: str = "") -> list[tuple[str, str]]:
    """Return the findings about a document that are not suppressed."""
    suppressed = [(name, part) for where, name, part in SUPPRESSED if where == kind]
    return [
        (issue, detail)
        for issue, detail in lint(document)
        if not any(issue == name and part in detail for name, part in suppressed)
    ]


@cache
def rendered(provider: str, login: str = "") -> Graph:
    """Return the graph of one integration with every choice that grants something."""
    source = {**LOGINS[login]} if login else None
    kms = {"kmsKeyArn": samples.KEY} if provider == "s3" else None
    return build(settings(provider, source=source or kms, **EVERYTHING))


CASES = [
    *((provider, "") for provider in PROVIDERS),
    *(("github", login) for login in LOGINS),
]


@pytest.mark.parametrize(("provider", "login"), CASES)
def test_the_policies_of_every_role_pass_the_linter(provider: str, login: str) -> None:
    """Without this, an unknown action, or a condition key that AWS never sends, silently denies a request."""
    graph = rendered(provider, login)
    roles, trusts = graph.of(ROLE_POLICY), graph.of(ROLE)
    assert len(roles) == len(trusts) == (2 if provider == "codecommit" else 1)
    assert [each for role in roles for each in findings(json.loads(role.inputs["policy"]))] == []
    assert [each for role in trusts for each in findings(json.loads(role.inputs["assumeRolePolicy"]), "trust")] == []


def bucket_policy() -> Any:
    """Return the policy of a log bucket, with an ARN as AWS assigns it."""
    (found,) = (each for each in rendered("github").resources if each.type.endswith(":BucketPolicy"))
    return json.loads(found.inputs["policy"].replace(harness.arn("Bucket", "shop-logs"), "arn:aws:s3:::conviso-dev-1"))


def test_the_policy_of_a_bucket_passes_the_linter() -> None:
    assert findings(bucket_policy()) == []


def test_the_policy_of_a_key_passes_the_linter() -> None:
    assert findings(policies.customer_key(harness.HERE), "key") == []


@pytest.mark.parametrize("role", ["shop-scheduler", "shop-role-pr"])
def test_the_policies_of_schedules_and_pull_requests_pass_the_linter(role: str) -> None:
    asked = {"push": True, "schedule": {"expression": "rate(1 day)"}, "pullRequests": {}}
    queue = harness.HERE.arn("sqs", "conviso-dev-failed-starts-1")
    graph = build(settings(triggers=asked, **EVERYTHING), failed_starts_queue_arn=queue)
    assert findings(json.loads(graph.one(ROLE_POLICY, role).inputs["policy"])) == []
    assert findings(json.loads(graph.one(ROLE, role).inputs["assumeRolePolicy"]), "trust") == []


def test_the_policies_of_notifications_pass_the_linter() -> None:
    here = harness.HERE
    topic, queue = here.arn("sns", "conviso-dev-reviews-1"), here.arn("sqs", "conviso-dev-failed-starts-1")
    rule = here.arn("events", "rule/conviso-dev-builds-1")
    assert findings(notifications.topic_policy(topic, here, {"events": [rule]})) == []
    assert findings(notifications.queue_policy(queue, here, "conviso-dev-")) == []
    assert findings(notifications.topic_key(here), "key") == []


@pytest.mark.parametrize("configuration", ["prod", "everything"])
@pytest.mark.parametrize("purpose", POLICIES)
def test_the_documented_policies_pass_the_linter(purpose: str, configuration: str) -> None:
    assert findings(documented_policy(configuration, purpose), purpose) == []


# AWS does not document when it sends these two keys. If it sent them with every start, denying them would deny all.
UNDOCUMENTED_KEYS = {"codebuild:source", "codebuild:environment"}


def test_every_override_that_a_condition_key_reveals_is_denied() -> None:
    """Without this, people and schedules may make an override for which AWS adds a new condition key."""
    (codebuild,) = (each for each in parliament.iam_definition if each["prefix"] == "codebuild")
    (start,) = (each for each in codebuild["privileges"] if each["privilege"] == "StartBuild")
    keys = {key for kind in start["resource_types"] for key in kind["condition_keys"]}
    refused = tuple(f"codebuild:{override}" for override in policies.OVERRIDES)
    below = tuple(f"{key}{separator}" for key in refused for separator in "./")
    assert {key for key in keys if key not in refused and not key.startswith(below)} == UNDOCUMENTED_KEYS
    assert set(refused) <= keys


@pytest.mark.parametrize("suppressed", SUPPRESSED, ids=lambda value: value[0])
def test_every_suppression_matches_a_finding(suppressed: tuple[str, str, str]) -> None:
    """Without this, a suppression whose finding is gone hides the next finding of its kind."""
    documents = {
        "trust": policies.build_trust(harness.HERE, "conviso-dev-shop"),
        "key": policies.customer_key(harness.HERE),
        "deploy": documented_policy("prod", "deploy"),
    }
    kind, name, part = suppressed
    assert [detail for issue, detail in lint(documents[kind]) if issue == name and part in detail]


@pytest.mark.parametrize(
    ("broken", "finding"),
    [
        ({"Action": ["codebuild:StartBuilds"]}, "UNKNOWN_ACTION"),
        ({"Resource": ["arn:aws:s3:::acme"]}, "RESOURCE_MISMATCH"),
        ({"Condition": {"StringEquals": {"codebuild:nonsense": "x"}}}, "UNKNOWN_CONDITION_FOR_ACTION"),
        ({"Resource": ["*"]}, "RESOURCE_STAR"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_linter_finds_these_mistakes(broken: dict[str, Any], finding: str) -> None:
    """Without this, the tests above pass even if the linter reads nothing."""
    (statement, *_) = policies.start_build(harness.HERE, "conviso-dev-shop")["Statement"]
    document = policies.document([statement | broken])
    assert [issue for issue, _ in findings(document)] == [finding]
