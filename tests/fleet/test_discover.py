"""Lists of hosts become entries, a second run only adds, and what is not covered is counted with its reason."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.config import parse_stack, yaml_reader
from fleet.__main__ import COULD_NOT_RUN, FINDINGS, FINE, main

LISTS = Path(__file__).parent / "lists"
KEYS = "repository,projectKey\nacme/shop-api,kXyZ12\nhttps://github.com/acme/Billing.Service.git,bIl99\n"


def discover(source: str, file: Path, *arguments: str) -> int:
    return main(["discover", str(LISTS / source), "--file", str(file), *arguments])


def written(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml_reader.read(file.read_text())
    return found


def sources(file: Path) -> dict[str, dict[str, str]]:
    return {name: entry["source"] for name, entry in written(file).items()}


def source(provider: str, repository: str, version: str | None = None) -> dict[str, str]:
    return {"provider": provider, "repository": repository} | ({"version": version} if version else {})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "github.json",
            {
                "shop-api": source("github", "https://github.com/acme/shop-api.git", "main"),
                "billing-service": source("github", "https://github.com/acme/Billing.Service.git", "1.10"),
                "docs-sandbox": source("github", "https://github.com/acme/docs-sandbox.git", "main"),
                "website": source("github", "https://github.com/acme/website.git", "main"),
            },
        ),
        (
            "gitlab.json",
            {
                "acme-payments-api": source(
                    "gitlab-self-managed", "https://gitlab.acme.example/acme/payments/api.git", "main"
                ),
                "acme-shop-api": source(
                    "gitlab-self-managed", "https://gitlab.acme.example/acme/shop/api.git", "develop"
                ),
            },
        ),
        ("bitbucket.json", {"shop-web": source("bitbucket", "https://bitbucket.org/acme/shop-web.git", "main")}),
        ("codecommit.json", {"billing": source("codecommit", "billing")}),
        (
            "repositories.csv",
            {
                "shop-api": source("github", "https://github.com/acme/shop-api", "main"),
                "tool": source("github-enterprise", "https://git.acme.example/team/tool.git", "main"),
            },
        ),
    ],
)
def test_the_list_of_each_host_becomes_entries(tmp_path: Path, name: str, expected: dict[str, Any]) -> None:
    """Without this, a list would lack repositories, or include forks, archived and empty ones without any pushes."""
    discover(name, tmp_path / "fleet.yaml")

    assert sources(tmp_path / "fleet.yaml") == expected


@pytest.mark.parametrize("name", ["github.json", "gitlab.json", "bitbucket.json", "codecommit.json"])
def test_the_program_accepts_the_entries(tmp_path: Path, name: str) -> None:
    """Without this, one run of the command would break the stack of a whole organization."""
    discover(name, tmp_path / "fleet.yaml")
    entries = {key: {**entry, "projectKey": "kXyZ12"} for key, entry in written(tmp_path / "fleet.yaml").items()}

    found = parse_stack({"integrations": entries, "defaults": {"source": {"version": "main"}}}, "prod")
    assert found.integrations.keys() == entries.keys()


def test_a_second_run_only_adds_entries(tmp_path: Path) -> None:
    """Without this, the next run would lose what a team wrote into its file."""
    file = tmp_path / "fleet.yaml"
    file.write_text(
        "# The shop's own file.\n"
        "the-shop: # renamed by us\n"
        "  projectKey: kXyZ12\n"
        "  source: { provider: github, repository: https://github.com/Acme/shop-api, version: develop }"
    )
    before = file.read_text()

    discover("github.json", file, "--include", "acme/*shop*", "acme/website")
    once = file.read_text()
    discover("github.json", file, "--include", "acme/*shop*", "acme/website")

    assert once.startswith(before)
    assert list(written(file)) == ["the-shop", "website"]
    assert file.read_text() == once


@pytest.mark.parametrize(
    "before", ["\ufeff# ours\r\nshop: {}\r\n\r\n", "shop: {} # ours  ", "# ours, and no entry yet\n"]
)
def test_what_the_file_already_has_stays_to_the_letter(tmp_path: Path, before: str) -> None:
    """Without this, one added entry would change every line of a file from Windows."""
    file = tmp_path / "fleet.yaml"
    file.write_bytes(before.encode())

    discover("github.json", file, "--include", "acme/website")
    after = file.read_bytes().decode()
    assert after.startswith(before)
    assert "website" in written(file)
    assert ("\n" in after.replace("\r\n", "")) is ("\r\n" not in before)


@pytest.mark.parametrize("text", ["{the-shop: {projectKey: a}}", "- a list", "a: [", "config:\n  x: 1\n..."])
def test_a_file_that_cannot_be_extended_stays_as_it_is(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, entries would break the file, or land where nothing reads them."""
    file = tmp_path / "fleet.yaml"
    file.write_text(text)

    assert discover("github.json", file) == COULD_NOT_RUN
    assert file.read_text() == text
    assert "fleet.yaml" in capsys.readouterr().err


def test_the_output_ends_with_the_coverage_and_every_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without this, you would not know how many repositories are still without reviews, and why."""
    file, keys = tmp_path / "fleet.yaml", tmp_path / "keys.csv"
    keys.write_text(KEYS)

    assert discover("github.json", file, "--exclude", "*-sandbox", "--project-keys", str(keys)) == FINDINGS
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "2 of 7 repositories are covered (29%): 2 added, 1 excluded, 1 fork, 1 archived, 1 empty, 1 no project key",
        f"{file}: 2 entries added",
    ]
    assert {name: entry["projectKey"] for name, entry in written(file).items()} == {
        "shop-api": "kXyZ12",
        "billing-service": "bIl99",
    }


def test_machines_get_the_coverage_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without this, a dashboard would have to parse a table."""
    assert discover("github.json", tmp_path / "fleet.yaml", "--json", "--include", "acme/shop*", "acme/old*") == FINE
    assert json.loads(capsys.readouterr().out) == {
        "repositories": 7,
        "covered": 1,
        "byReason": {"added": 1, "not included": 5, "archived": 1},
        "notCovered": {
            "acme/Billing.Service": "not included",
            "acme/lodash": "not included",
            "acme/old-shop": "archived",
            "acme/new-shop": "not included",
            "acme/docs-sandbox": "not included",
            "acme/website": "not included",
        },
    }


def test_repositories_of_the_stack_file_and_of_other_files_are_covered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, one repository would get two build projects, which take each other's deploys."""
    monkeypatch.chdir(tmp_path)
    stack = {
        "conviso-codebuild:integrations": {"website": {"source": {"repository": "https://github.com/acme/website"}}}
    }
    Path("Pulumi.prod.yaml").write_text(yaml.safe_dump({"config": stack}))
    Path("shop.yaml").write_text(
        yaml.safe_dump({"shop": {"source": {"repository": "https://github.com/acme/shop-api.git"}}})
    )

    arguments = ("--stack", "prod", "--covered", "shop.yaml", "--exclude", "*-sandbox")
    assert discover("github.json", Path("fleet.yaml"), *arguments) == FINDINGS
    assert list(written(Path("fleet.yaml"))) == ["billing-service"]
    said = capsys.readouterr().out
    assert "2 already there" in said
    # Otherwise the new one would count as covered, and no stack would make it.
    assert said.endswith("Pulumi.prod.yaml does not name fleet.yaml under integrationFiles yet\n")


def test_repositories_of_integration_files_are_covered_and_the_program_reads_the_new_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, a repository in another team's file would get a second build project."""
    monkeypatch.chdir(tmp_path)
    raw = {"integrationFiles": ["teams/*.yaml", "more/*.yaml"]}
    config = {f"conviso-codebuild:{key}": value for key, value in raw.items()}
    Path("Pulumi.prod.yaml").write_text(yaml.safe_dump({"config": config}))
    Path("teams").mkdir()
    Path("more").mkdir()
    entry = {"projectKey": "a", "source": source("github", "https://github.com/acme/website", "main")}
    Path("teams/web.yaml").write_text(yaml.safe_dump({"web": entry}))
    Path("keys.csv").write_text(KEYS)

    arguments = ("--stack", "prod", "--project-keys", "keys.csv", "--include", "*/shop-api", "*/Billing*", "*/website")
    assert discover("github.json", Path("more/new.yaml"), *arguments) == FINE
    assert "1 already there" in capsys.readouterr().out
    found = parse_stack({"integrationFiles": raw["integrationFiles"]}, "prod")
    assert set(found.integrations) == {"web", "shop-api", "billing-service"}


def test_a_broken_file_of_the_stack_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, everything that this file covers would be added again."""
    monkeypatch.chdir(tmp_path)
    config = {"conviso-codebuild:integrationFiles": ["web.yaml"]}
    Path("Pulumi.prod.yaml").write_text(yaml.safe_dump({"config": config}))
    Path("web.yaml").write_text("- a list\n")

    assert discover("github.json", Path("new.yaml"), "--stack", "prod") == COULD_NOT_RUN
    assert "web.yaml: must be a map" in capsys.readouterr().err


def test_editors_check_a_new_file(tmp_path: Path) -> None:
    """Without this, a mistake in a new file would first show in a preview."""
    file = tmp_path / "teams" / "new.yaml"
    file.parent.mkdir()
    discover("github.json", file)

    mark, _, schema = file.read_text().splitlines()[0].partition("$schema=")
    assert mark == "# yaml-language-server: "
    assert "additionalProperties" in json.loads((file.parent / schema).read_text())


def test_a_repository_whose_name_is_taken_gets_its_owners_name_too(tmp_path: Path) -> None:
    """Without this, the new entry would replace another repository's."""
    shutil.copy(LISTS / "github.json", tmp_path / "list.json")
    file = tmp_path / "fleet.yaml"
    file.write_text("shop-api:\n  source: {provider: codecommit, repository: shop-api, version: main}\n")

    discover(str(tmp_path / "list.json"), file, "--include", "acme/shop-api")
    assert list(written(file)) == ["shop-api", "acme-shop-api"]


@pytest.mark.parametrize("arguments", [["--stack", "nowhere"], ["--covered", "nowhere.yaml"]])
def test_a_file_that_covers_repositories_must_exist(tmp_path: Path, arguments: list[str]) -> None:
    """Without this, a misspelled name would give every repository a second build project."""
    assert discover("github.json", tmp_path / "fleet.yaml", *arguments) == COULD_NOT_RUN


def test_a_stack_file_without_a_map_of_keys_is_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, a stack file that somebody broke would end the command with a stack trace."""
    monkeypatch.chdir(tmp_path)
    Path("Pulumi.prod.yaml").write_text("config: [a]\n")

    assert discover("github.json", Path("new.yaml"), "--stack", "prod") == COULD_NOT_RUN
    assert capsys.readouterr().err == "Pulumi.prod.yaml: `config` must be a map of keys to values\n"
