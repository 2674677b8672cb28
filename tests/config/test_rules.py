"""Rules that relate fields of one integration or of the stack's secret, each broken on its own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.config import samples
from tests.config.samples import problems_of, refusals_of, short, stack

BOTH_LOGINS = {"connectionArn": samples.CONNECTION, "tokenSecretArn": samples.TOKEN}
NO_SCANS = {"sast": "none", "sca": False, "iac": False}
RETENTIONS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]


@pytest.mark.parametrize(
    ("provider", "sections", "path", "message"),
    [
        (
            "github",
            {"source": {"auth": BOTH_LOGINS}},
            "source.auth",
            "must have either connectionArn or tokenSecretArn; got both",
        ),
        (
            "github",
            {"source": {"auth": {}}},
            "source.auth",
            "must have either connectionArn or tokenSecretArn; got neither",
        ),
        (
            "github",
            {"source": {"auth": {"connectionArn": samples.CONNECTION, "kmsKeyArn": samples.KEY}}},
            "source.auth.kmsKeyArn",
            "is the key of the token's secret; it needs tokenSecretArn",
        ),
        *(
            (
                provider,
                {"source": {"auth": {"tokenSecretArn": samples.TOKEN}}},
                "source.auth.tokenSecretArn",
                f"is not supported for {provider}: CodeBuild logs in to GitLab by connections only; use connectionArn",
            )
            for provider in ("gitlab", "gitlab-self-managed")
        ),
        *(
            (
                provider,
                {"source": {"auth": {"connectionArn": samples.CONNECTION}}},
                "source.auth",
                "is not used here: the build's role reads this source, and gets just that permission",
            )
            for provider in ("codecommit", "s3")
        ),
        *(
            (
                provider,
                {"source": {"submodules": True}},
                "source.submodules",
                f"is not supported for {provider}: the AWS provider does not send this setting for it",
            )
            for provider in ("gitlab", "gitlab-self-managed")
        ),
        (
            "codecommit",
            {"source": {"submodules": True}},
            "source.submodules",
            "is not supported for codecommit: the build's role may pull this one repository only",
        ),
        (
            "s3",
            {"source": {"key": "erp/", "version": "3HL4kqtJlcpXroDTDmJ"}},
            "source.version",
            "is the version of one object; a folder has none",
        ),
        (
            "github",
            {"client": {"package": "conviso-ast"}},
            "review.strategy",
            'must be none with conviso-ast, which has no deploys; got "git-tree"',
        ),
        (
            "github",
            {
                "review": {"strategy": "none"},
                "scans": {"sast": "none"},
                "client": {"package": "conviso-ast", "autoClose": True},
            },
            "client.autoClose",
            "compares open findings with a SAST scan of everything; it needs scans.sast repository or last-commit",
        ),
        (
            "github",
            {"projectKey": None},
            "projectKey",
            "is required with conviso-flowcli: the key of the project on Conviso Platform",
        ),
        (
            "github",
            {"review": {"strategy": "git-tree", "tagPrefix": "v"}},
            "review.tagPrefix",
            "needs a tag strategy; strategy is git-tree",
        ),
        (
            "github",
            {"review": {"strategy": "none"}, "scans": {"sast": "deploy-range"}},
            "scans.sast",
            "deploy-range needs a review.strategy other than none; use repository",
        ),
        (
            "github",
            {"review": {"strategy": "none"}, "scans": NO_SCANS},
            "scans",
            "nothing to do: review.strategy is none and every scan is off; choose a strategy, or turn a scan on",
        ),
        (
            "github",
            {"scans": {"sast": "none", "failOn": {"severity": "HIGH", "count": 1}}},
            "scans.failOn",
            "counts SAST findings; it needs scans.sast other than none",
        ),
        ("s3", {"triggers": {"push": True}}, "triggers.push", "is not supported for s3: a bucket has no pushes"),
        ("s3", {"triggers": {"tags": True}}, "triggers.tags", "is not supported for s3: a bucket has no tags"),
        ("s3", {"triggers": {"tags": "v*"}}, "triggers.tags", "is not supported for s3: a bucket has no tags"),
        *(
            (
                provider,
                {"triggers": {"releases": True}},
                "triggers.releases",
                f"is not supported for {provider}: AWS has release events only for github, gitlab, gitlab-self-managed",
            )
            for provider in ("codecommit", "s3", "github-enterprise", "bitbucket")
        ),
        *(
            (
                provider,
                {"review": {"strategy": strategy}},
                "triggers",
                (
                    f"must say what starts a build, since AWS documents no event for tags of {provider}: "
                    "set releases, tags or push, or set one of them to false for builds that are only started by hand"
                ),
            )
            for provider in ("gitlab", "gitlab-self-managed")
            for strategy in ("tags-by-time", "tags-by-version")
        ),
        (
            "github",
            {"source": {"version": "refs/tags/v1"}, "triggers": {"push": True}},
            "triggers.push",
            "needs a branch as source.version, not a tag or commit; name a branch, or set triggers.push to false",
        ),
        (
            "github",
            {"source": {"version": "f" * 40}, "triggers": {"push": {"filePaths": ["a"]}}},
            "triggers.push",
            "needs a branch as source.version, not a tag or commit; name a branch, or set triggers.push to false",
        ),
        (
            "codecommit",
            {"triggers": {"push": {"filePaths": ["a"]}}},
            "triggers.push",
            "cannot filter paths for codecommit, whose events name none; use true",
        ),
        ("github", {"buildspec": {"path": "a.yml"}}, "buildspec.path", "needs buildspec.location repository"),
        (
            "github",
            {"logs": {"destination": "s3", "bucket": "acme-logs", "retentionDays": 7}},
            "logs.retentionDays",
            "is not supported with logs.bucket: the bucket's owner decides its lifecycle",
        ),
        (
            "github",
            {"logs": {"destination": "s3", "kmsKeyArn": samples.KEY}},
            "logs.kmsKeyArn",
            "is the log group's key; it needs destination cloudwatch or both",
        ),
        ("github", {"logs": {"bucket": "acme-logs"}}, "logs.bucket", "needs destination s3 or both"),
        (
            "github",
            {"logs": {"destination": "s3", "bucketKmsKeyArn": samples.KEY}},
            "logs.bucketKmsKeyArn",
            "is the key of your own bucket; it needs logs.bucket",
        ),
        ("github", {"logs": {"prefix": "a"}}, "logs.prefix", "needs destination s3 or both"),
    ],
    ids=short,
)
def test_a_broken_rule_is_one_problem(provider: str, sections: dict[str, Any], path: str, message: str) -> None:
    assert refusals_of(provider, **sections) == [(path, message)]


@pytest.mark.parametrize("provider", ["gitlab", "gitlab-self-managed"])
@pytest.mark.parametrize(
    "triggers", [{"tags": True}, {"tags": "v*"}, {"releases": True}, {"push": True}, {"tags": False}, {"push": False}]
)
def test_a_tag_strategy_on_gitlab_accepts_any_choice_of_triggers(provider: str, triggers: dict[str, Any]) -> None:
    assert refusals_of(provider, review={"strategy": "tags-by-time"}, triggers=triggers) == []


@pytest.mark.parametrize("days", sorted({2, 31, 364, 366, 3652, 3654, 36_500}))
@pytest.mark.parametrize("destination", ["cloudwatch", "both"])
def test_a_retention_that_cloudwatch_does_not_offer_is_refused_with_a_list_of_valid_ones(
    destination: str, days: int
) -> None:
    offered = ", ".join(map(str, RETENTIONS))

    assert refusals_of(logs={"destination": destination, "retentionDays": days}) == [
        ("logs.retentionDays", f"must be a value that CloudWatch Logs offers ({offered}); got {days}")
    ]


@pytest.mark.parametrize("days", RETENTIONS)
def test_every_retention_that_cloudwatch_offers_is_accepted(days: int) -> None:
    assert refusals_of(logs={"retentionDays": days}) == []


@pytest.mark.parametrize("strategy", samples.STRATEGIES)
def test_all_scans_may_be_off_if_deploys_are_reviewed(strategy: str) -> None:
    refused = refusals_of(review={"strategy": strategy}, scans=NO_SCANS)

    assert bool(refused) is (strategy == "none")


def test_every_field_of_logs_in_s3_is_reported_when_they_go_elsewhere() -> None:
    logs = {"bucket": "acme-logs", "prefix": "x", "bucketKmsKeyArn": samples.KEY}

    assert refusals_of(logs=logs) == [(f"logs.{key}", "needs destination s3 or both") for key in logs]


def test_a_rule_is_not_applied_to_a_section_that_is_invalid_on_its_own() -> None:
    """Without this, one typo is reported twice: as an invalid value, and as a broken rule."""
    found = refusals_of(review={"strategy": "nonsense", "tagPrefix": "v"}, logs={"bucket": "acme-logs"})

    assert [path for path, _ in found] == ["review.strategy", "logs.bucket"]


@pytest.mark.parametrize(
    ("secret", "path", "message"),
    [
        (
            {"kmsKeyArn": samples.KEY, "createKey": True},
            "secret.createKey",
            "must not be true together with kmsKeyArn: choose one key",
        ),
        ({"valueVersion": 2}, "secret.valueVersion", "needs value writeOnly; value is state"),
        (
            {"value": "external", "valueVersion": 1},
            "secret.valueVersion",
            "needs value writeOnly; value is external",
        ),
        *(
            (
                {"existingArn": samples.SECRET, **extra},
                f"secret.{next(iter(extra))}",
                "applies only to a secret that the stack makes, not to an existing one; remove it",
            )
            for extra in (
                {"name": "x"},
                {"createKey": True},
                {"recoveryWindowDays": 7},
                {"value": "state"},
                {"valueVersion": 1},
                {"tags": {"owner": "appsec"}},
            )
        ),
    ],
    ids=short,
)
def test_a_broken_rule_of_the_stacks_secret_is_one_problem(secret: dict[str, Any], path: str, message: str) -> None:
    assert problems_of(stack(secret=secret)) == [(path, message)]
