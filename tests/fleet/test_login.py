"""How the doctor checks logins other than connections, and what only few stacks have."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from components.config import Buildspec, RepositoryBuildspec
from fleet.doctor import Row, State, expected, project, source
from tests.config import samples
from tests.fleet.world import Gone

if TYPE_CHECKING:
    from fleet.doctor.expected import Expected
    from fleet.stack import Stack
    from tests.fleet.world import World


def shop(deployed: tuple[World, Stack], **inputs: Any) -> Expected:
    """The shop's first project, whose builds use another login."""
    world, stack = deployed
    first = next(expected.projects(stack, "shop-api", {}, world))
    return replace(first, inputs=replace(first.inputs, **{"connection_arn": None, **inputs}))


def login(deployed: tuple[World, Stack], **inputs: Any) -> Row:
    world, stack = deployed
    (row,) = source.login(stack, shop(deployed, **inputs), world)
    return row


@pytest.mark.parametrize(("server", "state"), [("GITHUB", State.OK), ("BITBUCKET", State.WRONG)])
def test_without_a_login_of_its_own_a_project_needs_the_accounts_credential_for_its_host(
    deployed: tuple[World, Stack], server: str, state: State
) -> None:
    """Without this, nobody would learn that another stack, or a person, removed the account's only credential."""
    known = {"arn": f"arn:aws:codebuild:us-east-1:123456789012:token/{server}", "serverType": server}
    deployed[0].say("codebuild", "list_source_credentials", {"sourceCredentialsInfos": [known]})

    row = login(deployed)
    assert (row.check, row.state) == ("login", state)


CURRENT = {"VersionIdsToStages": {"0" * 32: ["AWSCURRENT"]}}


@pytest.mark.parametrize(
    ("answer", "state", "remedy"),
    [
        (CURRENT, State.OK, ""),
        ({**CURRENT, "DeletedDate": 0}, State.WRONG, "restore-secret"),
        ({}, State.WRONG, "store the token"),
        (Gone(), State.WRONG, "source.auth.tokenSecretArn"),
    ],
)
def test_the_secret_of_a_token_must_exist_and_have_a_value(
    deployed: tuple[World, Stack], answer: dict[str, Any] | Gone, state: State, remedy: str
) -> None:
    """Without this, builds could not read the repository, and no row would say why."""
    deployed[0].say("secretsmanager", "describe_secret", answer)

    row = login(deployed, token_secret_arn=samples.TOKEN)
    assert (row.check, row.state) == ("token", state)
    assert remedy in row.remedy


def test_a_connection_is_looked_up_in_the_service_that_its_arn_names(deployed: tuple[World, Stack]) -> None:
    """Without this, an older connection, whose ARN names codestar-connections, would seem not to exist."""
    deployed[0].answers.pop(("codeconnections", "get_connection"))
    deployed[0].say("codestar-connections", "get_connection", {"Connection": {"ConnectionStatus": "ERROR"}})

    row = login(deployed, connection_arn=samples.OLD_CONNECTION)
    assert (row.check, row.state) == ("connection", State.WRONG)
    assert row.found.startswith("ERROR")


@pytest.mark.parametrize(("path", "state"), [("conviso-buildspec.yml", State.OK), ("other.yml", State.WRONG)])
def test_a_buildspec_in_the_repository_is_checked_by_its_path(
    deployed: tuple[World, Stack], path: str, state: State
) -> None:
    """Without this, a project that reads another file would seem healthy."""
    buildspec: Buildspec = RepositoryBuildspec()
    first = shop(deployed)
    first = replace(
        first, settings=first.settings.model_copy(update={"buildspec": buildspec}), buildspec="conviso-buildspec.yml"
    )

    row, note = project.buildspec(deployed[1], first, {"source": {"buildspec": path}}, deployed[0])
    assert (row.state, note.state) == (state, State.NOTE)
    assert note.remedy.endswith("--check-buildspec shop-api conviso-buildspec.yml")


def test_an_image_of_somebody_else_is_a_note(deployed: tuple[World, Stack]) -> None:
    """Without this, an image that AWS does not maintain would be reported as outdated."""
    image = {"environment": {"image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/build:1"}}

    (row,) = project.image(shop(deployed), image, deployed[0])
    assert row.state is State.NOTE
