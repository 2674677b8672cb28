"""What `adopt` makes of old projects that only few accounts have."""

from __future__ import annotations

import pytest

from fleet.adopt import old_buildspec, old_webhook, plan
from tests.fleet.test_adopt import SHOP, entries, texts
from tests.fleet.test_old_projects import shop_with_source, variables


@pytest.mark.parametrize(
    ("pattern", "tags", "lost"),
    [
        ("^refs/tags/.*", True, 0),
        (r"^refs/tags/v[0-9]+\.[0-9]+$", True, 1),
        ("^refs/tags/(v|r).*$", True, 1),
        (r"^refs/tags/v1\..*$", "v1.*", 0),
    ],
)
def test_tags_that_no_glob_can_name_start_builds_all_alike(pattern: str, tags: object, lost: int) -> None:
    """Without this, the characters of the expression would be looked for in tags, and no tag would start a build."""
    reference = {"type": "HEAD_REF", "pattern": pattern}

    found = old_webhook.read({"filterGroups": [[{"type": "EVENT", "pattern": "PUSH"}, reference]]})
    assert (found.triggers["tags"], len(found.lost)) == (tags, lost)


def test_two_patterns_of_tags_start_builds_of_all_tags() -> None:
    """Without this, the last of them would win, and the tags of the first would no longer be reviewed."""
    event = {"type": "EVENT", "pattern": "PUSH"}
    groups = [[event, {"type": "HEAD_REF", "pattern": f"^refs/tags/{each}.*$"}] for each in ("v", "r")]

    found = old_webhook.read({"filterGroups": groups})
    assert found.triggers["tags"] is True
    assert "r*" in found.lost[0]


def test_releases_and_filters_that_exclude_are_told_as_such() -> None:
    """Without this, you would read that only commits with `skip` were built, and look for no setting for releases."""
    group = [
        {"type": "EVENT", "pattern": "RELEASED"},
        {"type": "COMMIT_MESSAGE", "pattern": "skip", "excludeMatchedPattern": True},
    ]

    assert old_webhook.read({"filterGroups": [group]}).lost == [
        "webhook: RELEASED (see triggers.releases)",
        "webhook: filter COMMIT_MESSAGE not skip",
    ]


def test_a_project_for_all_repositories_of_an_organization_is_left_out() -> None:
    """Without this, its entry would have a repository that does not exist."""
    found = plan([shop_with_source(location="CODEBUILD_DEFAULT_WEBHOOK_SOURCE_LOCATION")], "prod")

    assert "it builds all repositories" in texts(found, SHOP["name"], "left out")[0]
    assert entries(found) == {}


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_places_in_s3_are_read_in_every_partition(partition: str) -> None:
    """Without this, the bucket of a project in China or GovCloud would be named `arn`."""
    logs = {"s3Logs": {"status": "ENABLED", "location": f"arn:{partition}:s3:::acme-logs/builds/"}}
    source = {"type": "S3", "location": f"arn:{partition}:s3:::acme-source/shop/src.zip"}

    found = entries(plan([SHOP | {"source": source, "logsConfig": logs}], "prod"))["shopapi-conviso"]
    assert (found["source"]["bucket"], found["source"]["key"]) == ("acme-source", "shop/src.zip")
    assert (found["logs"]["bucket"], found["logs"]["prefix"]) == ("acme-logs", "builds")


def test_a_codecommit_url_may_end_in_a_slash() -> None:
    """Without this, the repository's name would be empty."""
    location = "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/billing/"

    found = plan([shop_with_source(type="CODECOMMIT", location=location)], "prod")
    assert entries(found)["shopapi-conviso"]["source"]["repository"] == "billing"


def test_the_tag_of_another_stack_is_not_carried_over() -> None:
    """Without this, the program would refuse the entry, because it sets this tag itself."""
    tags = [{"key": "conviso:stack", "value": "old"}, {"key": "aws:cloudformation:stack-name"}, {"key": "team"}]

    assert entries(plan([SHOP | {"tags": tags}], "prod"))["shopapi-conviso"]["tags"] == {"team": ""}


def test_a_description_becomes_one_line_and_its_text_stays() -> None:
    """Without this, the program would refuse the entry, because it accepts no line breaks there."""
    found = plan([SHOP | {"description": "owner: null\nscope: null"}], "prod")

    assert entries(found)["shopapi-conviso"]["description"] == "owner: null scope: null"
    assert "project: description: on one line" in texts(found, SHOP["name"], "changes")


def test_a_variable_with_line_breaks_stays_to_the_letter() -> None:
    """Without this, a line of the value that ends in `: null` would be marked as a place to fill in."""
    value = "owner: null\nscope: null\n"
    found = plan([SHOP | variables(NOTES=value)], "prod")

    assert entries(found)["shopapi-conviso"]["environment"]["variables"]["NOTES"] == value
    assert "# fill in" not in found.stack_file


def test_a_credential_in_any_other_field_is_not_copied() -> None:
    """Without this, a token that somebody kept in a description or a tag would be committed with the stack file."""
    token = "ghp_" + "a1B2" * 9
    found = plan([SHOP | {"description": token, "tags": [{"key": "team", "value": token}]}], "prod")

    assert token not in f"{found.stack_file}{found.import_list}{found.remarks}"
    assert [text for text in texts(found, SHOP["name"], "lost") if "looks like" in text] == [
        "description: it looks like a GitHub token and is not copied",
        "tags.team: it looks like a GitHub token and is not copied",
    ]


def test_a_log_group_of_another_name_is_not_imported_and_the_new_one_is_created() -> None:
    """Without this, the preview would create a log group of which the remarks said that only its retention changes."""
    logs = {"cloudWatchLogs": {"status": "ENABLED", "groupName": "builds"}}
    found = plan([SHOP | {"logsConfig": logs}], "prod")

    assert "log group: created" in texts(found, SHOP["name"], "changes")
    assert "aws:cloudwatch/logGroup:LogGroup" not in {each["type"] for each in found.import_list["resources"]}


def test_a_version_of_the_secret_that_was_chosen_is_told() -> None:
    """Without this, builds would read another key than before, and nobody would know."""
    arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf:KEY"

    def lost(value: str) -> str:
        key = {"name": "FLOW_API_KEY", "type": "SECRETS_MANAGER", "value": value}
        environment = SHOP["environment"] | {"environmentVariables": [key]}
        return str(texts(plan([SHOP | {"environment": environment}], "prod"), SHOP["name"], "lost"))

    assert "the secret's version AWSPREVIOUS" in lost(f"{arn}:AWSPREVIOUS")
    assert "version" not in lost(f"{arn}::")


@pytest.mark.parametrize(
    "text",
    [
        "version: 0.2\nenv: [a]\nphases: [b]\n",
        "version: 0.2\nenv: {variables: x}\nphases: {build: [a], install: {commands: {a: b}}, 1: {finally: 5}}\n",
        "[" * 5_000,
        "day: 2024-99-99\n",
    ],
    ids=["lists", "scalars", "deep", "no-date"],
)
def test_a_buildspec_of_any_form_is_read_or_told(text: str) -> None:
    """Without this, one odd buildspec would end the command with a stack trace, and no project would be taken over."""
    assert isinstance(old_buildspec.read(text).lost, list)


def test_a_single_command_is_a_list_of_one() -> None:
    """Without this, each letter of the command would be told as lost, or none of it."""
    assert old_buildspec.read("phases: {build: {commands: npm ci}}").lost == ["buildspec: command in build: npm ci"]
