"""The command `adopt`: the files that it writes or leaves alone, and what it prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fleet.__main__ import COULD_NOT_RUN, FINDINGS, FINE, main
from fleet.adopt import read
from tests.components.program import ROOT
from tests.fleet.test_adopt import PROJECTS, SHOP, everything


def test_the_command_writes_two_files_and_overwrites_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without this, a second run would overwrite what you filled in after the first."""
    arguments = ["adopt", str(PROJECTS), "--stack", "old", "--out", str(tmp_path)]

    assert main(arguments) == FINDINGS
    assert "pulumi import --stack old --file" in capsys.readouterr().out
    assert json.loads((tmp_path / "import.old.json").read_text()) == everything().import_list
    (tmp_path / "Pulumi.old.yaml").unlink()
    assert main(arguments) == COULD_NOT_RUN
    assert "is left as it is" in capsys.readouterr().err
    assert not (tmp_path / "Pulumi.old.yaml").exists()


def test_the_page_shows_what_the_command_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, the example on the page would show messages that nobody sees."""
    monkeypatch.chdir(tmp_path)
    main(["adopt", str(PROJECTS), "--stack", "legacy"])

    page = (ROOT / "docs" / "fleet.md").read_text().splitlines()
    assert [line for line in capsys.readouterr().out.splitlines() if line not in page] == []


def next_steps(folder: Path, project: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines after the table, for one project whose files go to this folder."""
    Path("projects.json").write_text(json.dumps({"projects": [project]}))
    main(["adopt", "projects.json", "--stack", "old", "--out", str(folder)])
    return capsys.readouterr().out.split("\n\n")[-1].splitlines()


def test_the_next_steps_begin_with_what_the_files_still_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, the steps would fail: Pulumi would find no stack file, or the program no branch and no key."""
    monkeypatch.chdir(tmp_path)
    Path("for review").mkdir()
    variables = SHOP["environment"]["environmentVariables"][1:]
    without_key = SHOP | {"environment": SHOP["environment"] | {"environmentVariables": variables}}
    without_key = {key: value for key, value in without_key.items() if key not in {"sourceVersion", "webhook"}}

    assert next_steps(Path(), SHOP, capsys) == [
        "Written: Pulumi.old.yaml, import.old.json. Next, in the folder of Pulumi.yaml:",
        "  pulumi stack init old",
        "  pulumi import --stack old --file import.old.json --protect=false --generate-code=false",
        "  pulumi preview --stack old --diff",
    ]
    fill_in = "First fill in for review/Pulumi.old.yaml, as the rows above say. Then"
    assert next_steps(Path("for review"), without_key, capsys) == [
        f"Written: for review/Pulumi.old.yaml, for review/import.old.json. {fill_in}, in the folder of Pulumi.yaml:",
        "  mv -i 'for review/Pulumi.old.yaml' .",
        "  pulumi stack init old",
        "  pulumi config set --secret apiKey --stack old",
        "  pulumi import --stack old --file 'for review/import.old.json' --protect=false --generate-code=false",
        "  pulumi preview --stack old --diff",
    ]


def test_nothing_is_written_if_no_project_can_be_taken_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without this, the next steps would import nothing into a stack whose file the program refuses."""
    pipeline = read(PROJECTS).projects[2]
    (tmp_path / "projects.json").write_text(json.dumps({"projects": [pipeline]}))

    assert main(["adopt", str(tmp_path / "projects.json"), "--stack", "old", "--out", str(tmp_path)]) == FINDINGS
    assert capsys.readouterr().out.endswith("\nNothing is written, because no project can be taken over\n")
    assert [each.name for each in tmp_path.iterdir()] == ["projects.json"]


def test_a_file_that_cannot_be_written_leaves_no_other_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, the next run would refuse to write, because half of the files exist."""
    write = Path.write_text

    def full(file: Path, text: str, **options: Any) -> int:
        if file.name == "import.old.json":
            raise OSError(28, "No space left on device")
        return write(file, text, **options)

    monkeypatch.setattr(Path, "write_text", full)
    assert main(["adopt", str(PROJECTS), "--stack", "old", "--out", str(tmp_path)]) == COULD_NOT_RUN
    assert capsys.readouterr().err == f"{tmp_path / 'import.old.json'} cannot be written: No space left on device\n"
    assert [*tmp_path.iterdir()] == []


def test_a_link_to_nowhere_is_left_as_it_is(tmp_path: Path) -> None:
    """Without this, the command would write through the link, to a place that nobody named."""
    (tmp_path / "Pulumi.old.yaml").symlink_to(tmp_path / "elsewhere")

    assert main(["adopt", str(PROJECTS), "--stack", "old", "--out", str(tmp_path)]) == COULD_NOT_RUN
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("stack", ["../old", "acme/shop/old", "v1.2", "", "x" * 99])
def test_a_name_that_no_stack_can_have_is_refused(
    tmp_path: Path, stack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, the files would go to another folder, or the first preview would refuse the name."""
    assert main(["adopt", str(PROJECTS), "--stack", stack, "--out", str(tmp_path)]) == COULD_NOT_RUN
    assert capsys.readouterr().err.startswith("stack: must have a name of ")


def test_a_project_that_loses_nothing_is_fine(tmp_path: Path) -> None:
    """Without this, a script could not tell an adoption without losses from one that needs a person."""
    keyed = [each for each in SHOP["environment"]["environmentVariables"] if each["name"] != "NPM_TOKEN"]
    text = "version: 0.2\nphases:\n  build:\n    commands:\n      - conviso sca run\n"
    plain = SHOP | {"artifacts": {"type": "NO_ARTIFACTS"}, "source": SHOP["source"] | {"buildspec": text}}
    plain |= {"environment": SHOP["environment"] | {"environmentVariables": keyed}}
    del plain["webhook"]
    (tmp_path / "projects.json").write_text(json.dumps({"projects": [plain]}))

    assert main(["adopt", str(tmp_path / "projects.json"), "--stack", "new", "--out", str(tmp_path)]) == FINE


def test_a_name_that_codebuild_does_not_know_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without this, nobody would notice that a misspelled project was never taken over."""
    printed = json.loads(PROJECTS.read_text()) | {"projectsNotFound": ["biling"]}
    (tmp_path / "projects.json").write_text(json.dumps(printed))

    main(["adopt", str(tmp_path / "projects.json"), "--stack", "new", "--out", str(tmp_path), "--json"])
    assert {"project": "biling", "kind": "left out", "text": "CodeBuild has no project with this name"} in json.loads(
        capsys.readouterr().out
    )


@pytest.mark.parametrize(
    "text", ["[]", "{}", "nonsense", '{"projects": []}', '{"projects": [{"name": "x"}]}', '{"projects": [1]}']
)
def test_a_file_without_projects_is_refused_by_its_name(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, a wrong file would end the command with a stack trace, or with two empty files."""
    (tmp_path / "projects.json").write_text(text)

    assert main(["adopt", str(tmp_path / "projects.json"), "--stack", "new", "--out", str(tmp_path)]) == COULD_NOT_RUN
    assert "projects.json" in capsys.readouterr().err
