"""Lists of repositories as hosts and people write them."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from fleet.__main__ import COULD_NOT_RUN, main
from fleet.discover import Coverage, Rules, chosen
from fleet.discover.repositories import read
from fleet.names import integration_names
from tests.fleet.test_discover import LISTS, source, sources, written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Shop.API", "shop_api"], ["shop-api", "shop-api-2"]),
        (["1password", "x", "---"], ["repo-1password", "x-repo", "repo"]),
        (["a" * 60, "a" * 60], ["a" * 40, "a" * 38 + "-2"]),
    ],
)
def test_names_of_integrations_are_valid_and_unique(names: Sequence[str], expected: list[str]) -> None:
    """Without this, the program would refuse an entry, or one entry would replace another."""
    assert list(integration_names(names)) == expected


def test_pages_that_were_printed_one_after_the_other_are_one_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without this, a list that `gh api --paginate` prints, with an array for each page, would not be read."""
    pages = [json.loads((LISTS / name).read_text()) for name in ("gitlab.json", "github.json")]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("\n".join(map(json.dumps, pages)).encode())))

    main(["discover", "-", "--file", str(tmp_path / "fleet.yaml")])
    assert len(written(tmp_path / "fleet.yaml")) == 6


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[{"full_name": "acme/x", "clone_url": "https://github.com/acme/x.git"}]', "none of these"),
        ('[{"name": "x"}]', "none of these"),
        ('{"values": 1}', "none of these"),
        ("[1]", "none of these"),
        ('[{"nameWithOwner": "acme/x"', "cut off"),
        ('{"values": [], "next": "https://api.bitbucket.org/2.0/repositories/acme?page=2"}', "missing pages"),
        ('{"repositories": [], "NextToken": "x"}', "append the missing pages"),
        ('[{"nameWithOwner": 1, "url": "https://[x"}]', "none of these"),
        ('[{"nameWithOwner": null, "url": "https://github.com/acme/x"}]', "none of these"),
        (
            '[{"nameWithOwner": "a/x", "url": "https://github.com/a/x", "defaultBranchRef": {"name": 1}}]',
            "none of these",
        ),
        ('[{"full_name": 1, "mainbranch": {"name": "main"}}]', "none of these"),
        ('[{"nameWithOwner": "acme/x", "url": null}]', "write the https clone URL"),
        ("[NaN]", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[]", "the list has no repository"),
        ("repository\n", "the list has no repository"),
        (f"repository\n{'a' * 200_000}\n", "line 2 is not CSV"),
        ("name\nshop\n", "column repository"),
        ("repository\ngit@github.com:acme/shop.git\n", "github.com:acme/shop.git: write the https clone URL"),
        ("repository\nacme/shop\n", "write the https clone URL"),
        ("repository\nhttp://github.com/acme/shop\n", "write the https clone URL"),
        ("repository,branch\n,main\n", "a row without repository"),
        ("repository,provider\nshop,github\n", "the https clone URL for the others"),
        ("repository,provider\nhttps://github.com/a/b,codecommit\n", "the https clone URL for the others"),
        ("repository\nhttps://git.acme.example/a/b.git\n", "column `provider`"),
        ("repository,provider\nhttps://git.acme.example/a/b.git,svn\n", "must be one of"),
    ],
)
def test_a_list_of_another_form_is_refused(
    tmp_path: Path, text: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, a wrong list would end the command with a stack trace, or add entries that the program refuses."""
    (tmp_path / "list").write_text(text)

    assert main(["discover", str(tmp_path / "list"), "--file", str(tmp_path / "fleet.yaml")]) == COULD_NOT_RUN
    assert says in capsys.readouterr().err
    assert not (tmp_path / "fleet.yaml").exists()


@pytest.mark.parametrize(
    "text",
    [
        "repository\nhttps://ci:letmein@github.com/acme/shop.git\n",
        '[{"nameWithOwner": "acme/shop", "url": "https://ci:letmein@github.com/acme/shop"}]',
        '[{"path_with_namespace": "acme/shop", "http_url_to_repo": "https://ci:letmein@gitlab.com/acme/shop.git"}]',
    ],
    ids=["csv", "github", "gitlab"],
)
def test_a_login_in_a_list_is_neither_written_nor_shown(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without this, a token that somebody exported with the list would be committed with the file."""
    (tmp_path / "list").write_text(text)

    assert main(["discover", str(tmp_path / "list"), "--file", str(tmp_path / "fleet.yaml")]) == COULD_NOT_RUN
    assert "letmein" not in capsys.readouterr().err
    assert not (tmp_path / "fleet.yaml").exists()


def test_a_csv_as_spreadsheets_write_it_is_read(tmp_path: Path) -> None:
    """Without this, Excel's byte order mark, its line ends or its missing last cells would end the command."""
    (tmp_path / "list.csv").write_bytes(
        b'\xef\xbb\xbfrepository,branch,projectKey,fork\r\n"https://GitHub.com/acme/shop-api/","1e5",kXyZ12,\r\nbilling\r\n'
    )

    main(["discover", str(tmp_path / "list.csv"), "--file", str(tmp_path / "fleet.yaml")])
    assert sources(tmp_path / "fleet.yaml") == {
        "shop-api": source("github", "https://GitHub.com/acme/shop-api/", "1e5")
    }


def test_repositories_without_a_branch_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without this, you would learn only from the first preview that branches are missing."""
    (tmp_path / "list").write_text('{"repositories": [{"repositoryName": "billing"}, {"repositoryName": "shop"}]}')

    main(["discover", str(tmp_path / "list"), "--file", str(tmp_path / "fleet.yaml")])
    assert "2 have no source.version" in capsys.readouterr().out


def test_a_repository_that_is_listed_twice_counts_once() -> None:
    """Without this, it would get two build projects, which take each other's deploys."""
    repositories = read("repository,branch\nhttps://github.com/a/b,main\nhttps://github.com/A/B.git,main\n")

    assert [coverage for _, coverage in chosen(repositories, Rules())] == [Coverage.ADDED]


@pytest.mark.parametrize(
    ("stream", "says"),
    [(io.TextIOWrapper(io.BytesIO(b"\xff\xff")), "standard input cannot be read"), (None, "column repository")],
    ids=["binary", "closed"],
)
def test_standard_input_that_holds_no_text_is_a_message(
    tmp_path: Path,
    stream: io.TextIOWrapper | None,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without this, a pipe that carries something else would end the command with a stack trace."""
    monkeypatch.setattr(sys, "stdin", stream)

    assert main(["discover", "-", "--file", str(tmp_path / "fleet.yaml")]) == COULD_NOT_RUN
    assert says in capsys.readouterr().err


def test_a_list_that_powershell_wrote_is_read(tmp_path: Path) -> None:
    """Without this, a list that was redirected into a file on Windows would not be read."""
    (tmp_path / "list.json").write_bytes((LISTS / "bitbucket.json").read_text().encode("utf-16"))

    main(["discover", str(tmp_path / "list.json"), "--file", str(tmp_path / "fleet.yaml")])
    assert list(written(tmp_path / "fleet.yaml")) == ["shop-web"]
