"""What `adopt` makes of files that AWS did not print like this, or that another tool wrote."""

from __future__ import annotations

import codecs
import json
from contextlib import suppress
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from fleet.__main__ import COULD_NOT_RUN, main
from fleet.adopt import plan, read
from fleet.errors import FleetError
from tests.fleet.test_adopt import PROJECTS, SHOP, entries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Steps = tuple[str | int, ...]
ABSENT = object()
COMMAND = "aws codebuild batch-get-projects --output json"


def changed(raw: Any, path: Steps, value: object) -> Any:
    """A copy of the project, in which the field has this value or is absent."""
    copy = deepcopy(raw)
    inner = copy
    for step in path[:-1]:
        inner = inner[step]
    if value is ABSENT:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return copy


def paths(value: Any, path: Steps = ()) -> Iterator[Steps]:
    """The paths of all fields and entries below the value."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in children:
        yield (*path, step)
        yield from paths(child, (*path, step))


def printed(folder: Path, *projects: Any) -> Path:
    file = folder / "projects.json"
    file.write_text(json.dumps({"projects": list(projects)}))
    return file


@pytest.mark.parametrize(
    ("path", "says"),
    [
        (("name",), "projects[0].name: is required"),
        (("arn",), "ShopAPI-conviso.arn: is required"),
        (("source",), "ShopAPI-conviso.source: is required"),
        (("source", "type"), "ShopAPI-conviso.source.type: is required"),
        (("source", "location"), "ShopAPI-conviso.source.location: is required"),
        (("environment", "image"), "ShopAPI-conviso.environment.image: is required"),
        (("environment", "computeType"), "ShopAPI-conviso.environment.computeType: is required"),
        (
            ("environment", "environmentVariables", 1, "value"),
            "ShopAPI-conviso.environment.environmentVariables[1].value: is required",
        ),
        (("serviceRole",), "ShopAPI-conviso.serviceRole: is required"),
        (("tags", 0, "key"), "ShopAPI-conviso.tags[0].key: is required"),
        (("webhook", "filterGroups", 0, 1, "type"), "ShopAPI-conviso.webhook.filterGroups[0][1].type: is required"),
        (("logsConfig", "cloudWatchLogs", "status"), "ShopAPI-conviso.logsConfig.cloudWatchLogs.status: is required"),
    ],
)
def test_a_field_that_aws_always_prints_and_that_is_missing_is_named_with_its_project(
    tmp_path: Path, path: Steps, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, a file that somebody shortened by hand would end the command with a stack trace."""
    file = printed(tmp_path, changed(SHOP, path, ABSENT))

    assert main(["adopt", str(file), "--stack", "new", "--out", str(tmp_path)]) == COULD_NOT_RUN
    said = capsys.readouterr().err.splitlines()
    assert said[0] == f"{file} lacks what AWS prints, or somebody changed it:"
    assert said[1:-1] == [says]
    assert said[-1].startswith(f"Let AWS print it again: {COMMAND} --names ")
    assert [each.name for each in tmp_path.iterdir()] == ["projects.json"]


def test_all_mistakes_of_all_projects_are_reported_at_once(tmp_path: Path) -> None:
    """Without this, you would correct one line of the file for each run of the command."""
    first = changed(changed(SHOP, ("serviceRole",), ABSENT), ("timeoutInMinutes",), "60")
    second = SHOP | {"name": "other project"}

    with pytest.raises(FleetError) as error:
        read(printed(tmp_path, first, 7, second))
    assert str(error.value).splitlines()[1:] == [
        "ShopAPI-conviso.serviceRole: is required",
        "ShopAPI-conviso.timeoutInMinutes: must be a whole number, without quotes",
        "projects[1]: must be a map of keys and values; got 7",
        "other project.arn: must end in the project's name",
        f"Let AWS print it again: {COMMAND} --names ShopAPI-conviso 'other project' >projects.json",
    ]


@pytest.mark.parametrize("path", [*paths(SHOP)], ids=lambda path: ".".join(map(str, path)))
def test_whatever_a_field_holds_the_command_has_a_plan_or_a_message(tmp_path: Path, path: Steps) -> None:
    """Without this, the next field that the command reads could end it with a stack trace again."""
    for value in (ABSENT, None, 1, True, "x", [], {}, [{}], ["x"], {"a": 1}):
        file = printed(tmp_path, changed(SHOP, path, value))
        with suppress(FleetError):
            assert plan(read(file).projects, "prod").remarks


def test_a_field_that_is_null_counts_as_absent(tmp_path: Path) -> None:
    """Without this, a file that went through another tool, which prints null for what is not set, would be refused."""
    nulls = {"webhook": None, "vpcConfig": {"vpcId": None}, "tags": None, "cache": None}
    absent = {key: value for key, value in SHOP.items() if key not in nulls}

    assert plan(read(printed(tmp_path, SHOP | nulls)).projects, "prod") == plan([absent], "prod")


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF8 + PROJECTS.read_bytes(),
        PROJECTS.read_text().encode("utf-16"),
        codecs.BOM_UTF16_BE + PROJECTS.read_text().encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-16", "utf-16-be"],
)
def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path, data: bytes) -> None:
    """Without this, what PowerShell writes with `>` would not be read."""
    (tmp_path / "projects.json").write_bytes(data)

    assert read(tmp_path / "projects.json") == read(PROJECTS)


def test_outputs_that_follow_each_other_are_one_list_with_each_project_once(tmp_path: Path) -> None:
    """Without this, nobody could adopt more than the 100 projects that AWS prints at a time."""
    file = tmp_path / "projects.json"
    pages = [{"projects": [SHOP], "projectsNotFound": ["a"]}, {"projects": [SHOP], "projectsNotFound": ["b"]}]
    file.write_text("\n".join(map(json.dumps, pages)))

    found = read(file)
    assert list(entries(plan(found.projects, "prod"))) == ["shopapi-conviso"]
    assert found.not_found == ["a", "b"]


def test_a_project_that_is_there_twice_and_differs_is_refused(tmp_path: Path) -> None:
    """Without this, which of the two becomes the entry would depend on their order."""
    with pytest.raises(FleetError, match="ShopAPI-conviso: is there twice, and one differs from the other"):
        read(printed(tmp_path, SHOP, SHOP | {"sourceVersion": "develop"}))


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", "null", "nonsense", '{"projects": null}', '{"projects": {}}', '{"projects": []'),
        *('{"projects": [], "projectsNotFound": "x"}', "[" * 100_000, '{"projects": [NaN]}'),
    ],
    ids=lambda text: text[:30] or "empty",
)
def test_a_file_of_another_form_is_answered_with_the_command_that_writes_it(tmp_path: Path, text: str) -> None:
    """Without this, an output in YAML, or one that was cut off, would end the command with a stack trace."""
    (tmp_path / "projects.json").write_text(text)

    with pytest.raises(FleetError, match=f"is not what `{COMMAND} --names NAME"):
        read(tmp_path / "projects.json")


@pytest.mark.parametrize(
    ("data", "says"),
    [(None, "Is a directory"), (b"\xff\xff", "it is not UTF-8 text"), (b'{"projects": []}', "no")],
)
def test_a_file_that_has_nothing_to_read_is_a_message(tmp_path: Path, data: bytes | None, says: str) -> None:
    """Without this, a wrong path would end the command with a stack trace."""
    if data is not None:
        (tmp_path / "projects.json").write_bytes(data)

    with pytest.raises(FleetError, match=says):
        read(tmp_path / "projects.json" if data is not None else tmp_path)


def test_half_of_a_surrogate_pair_is_refused(tmp_path: Path) -> None:
    """Without this, the stack file could not be written, because no UTF-8 text has half of a pair."""
    with pytest.raises(FleetError, match="ShopAPI-conviso: must be Unicode text"):
        read(printed(tmp_path, SHOP | {"description": "\ud800"}))
