"""The rendered buildspec: the same for every stack, short, and without any configured value."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.buildspec import EXPORTED, MAX_INLINE_CHARACTERS, compose, render, variables
from components.buildspec.version import VERSION
from tests.components.rendered import AST, CASES, EVERYTHING, GOLDEN_CASES, document, every_choice, files
from tests.config.samples import settings, short

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden"
# Variables that, according to their sources, the clients read, and that this program sets with the same meaning.
SHARED_WITH_THE_CLIENT = {
    "FLOW_PROJECT_CODE",
    "FLOW_API_URL",
    "CONVISO_COMPANY_ID",
    "CONVISO_ASSET_NAME",
    "CONVISO_BRANCH_NAME",
}
READ_BY_THE_CLIENT = {
    *(f"{maker}_{name}" for maker in ("FLOW", "CONVISO") for name in ("API_KEY", "API_INSECURE", "ASSET_ID")),
    *(f"{maker}_SASTBOX_{name}" for maker in ("FLOW", "CONVISO") for name in ("REGISTRY", "TAG", "SKIP_LOGIN")),
    *("CONVISO_BRANCH", "CONVISO_PROJECT_CODE", "CONVISO_API_URL", "FLOW_COMPANY_ID"),
    *("FLOW_ASSET_NAME", "FLOW_SASTBOX_REPOSITORY_NAME", "CONVISO_SASTBOX_REPOSITORY_NAME", "CI_PROVIDER_NAME"),
}


@pytest.mark.parametrize("name", GOLDEN_CASES)
def test_the_fullest_buildspec_of_each_client_equals_its_golden_file(name: str) -> None:
    """Without this, a change of what every build runs goes unreviewed; CONTRIBUTING.md says how to update the files."""
    path = GOLDEN / f"{name}.yml"
    text = render(GOLDEN_CASES[name])
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text)
    assert path.read_text() == text


def test_every_golden_file_belongs_to_a_case() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(GOLDEN_CASES)


ALWAYS_THERE = {
    *("start/common", "guards/key", "guards/source", "guards/content", "guards/python", "guards/docker"),
    *("install/client", "scans/results", "summary/summary", "phases/phases"),
}


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        (
            {"review": {"strategy": "none"}, "scans": {"sca": False}},
            {"guards/project", "sast_range/repository", "scanners/sast", "scans/one_by_one"},
        ),
        (
            {"review": {"strategy": "none"}, "scans": {"sast": "none", "sca": True}},
            {"guards/project", "scanners/sca", "scans/one_by_one"},
        ),
        (
            {"review": {"strategy": "none"}, "scans": {"sast": "none", "sca": False, "iac": True}},
            {"guards/project", "scanners/iac", "scans/one_by_one"},
        ),
        *(
            (
                {"review": {"strategy": strategy}, "scans": {"sast": "none", "sca": False}},
                {"guards/project", "fetch/git", "deploy/create", *deploy, "scans/one_by_one"},
            )
            for strategy, deploy in (
                ("git-tree", {"deploy/git_tree"}),
                ("tags-by-time", {"deploy/tags", "deploy/tags_by_time"}),
                ("tags-by-version", {"deploy/tags", "deploy/tags_by_version"}),
            )
        ),
        *(
            (
                {"scans": {"sast": sast, "sca": False}},
                {
                    *("guards/project", "fetch/git", "deploy/create", "deploy/git_tree", "scans/one_by_one"),
                    *("scanners/sast", f"sast_range/{file}"),
                },
            )
            for sast, file in (
                ("deploy-range", "deploy_range"),
                ("repository", "repository"),
                ("last-commit", "last_commit"),
            )
        ),
        (
            {"review": {"strategy": "none"}, "scans": {"sca": False}, "client": AST},
            {"sast_range/repository", "scanners/sast", "scans/ast", "scans/ast_run_auto_close"},
        ),
        (
            {"review": {"strategy": "none"}, "scans": {"sca": False}, "client": {**AST, "autoClose": False}},
            {"sast_range/repository", "scanners/sast", "scans/ast", "scans/ast_run"},
        ),
        (
            {"review": {"strategy": "none"}, "scans": {"sca": False, "failOn": {"severity": "LOW", "count": 1}}},
            {"guards/project", "sast_range/repository", "scanners/sast", "scans/one_by_one", "gates/findings"},
        ),
        (
            {"review": {"strategy": "none"}, "scans": {"sca": False, "rulesFile": "rules.yml"}},
            {"guards/project", "sast_range/repository", "scanners/sast", "scans/one_by_one", "gates/rules"},
        ),
    ],
    ids=lambda value: short(value) if isinstance(value, dict) else "parts",  # a set has no order to build an id from
)
def test_a_choice_adds_only_its_own_scripts(choices: dict[str, Any], expected: set[str]) -> None:
    """Without this, a build could contain a step that nobody chose, or lack one that somebody did."""
    parts = compose.parts(compose.Choices.of(settings(**choices)))

    assert set(parts) - ALWAYS_THERE == expected
    assert set(parts) >= ALWAYS_THERE
    assert len(set(parts)) == len(parts)


def test_an_s3_source_is_never_fetched_with_git() -> None:
    """Without this, every build of an S3 source fails, since the archive is no git repository."""
    parts = compose.parts(compose.Choices.of(settings("s3")))

    assert "fetch/s3" in parts
    assert "fetch/git" not in parts


def test_every_script_in_the_shell_folder_has_a_slot() -> None:
    """Without this, a script that no build runs could stay in the folder."""
    shell = ROOT / "components/buildspec/shell"
    files = {f"{path.parent.name}/{path.stem}" for path in shell.rglob("*.sh")}

    assert files == {
        f"{slot}/{file}"
        for slot, alternatives in compose.SLOTS.items()
        for names in alternatives.values()
        for file in names
    }


def test_yaml_leaves_the_script_unchanged() -> None:
    """Without this, the build runs something else than the script that the other tests read."""
    for choice in every_choice():
        assert files(document(choice))["build.sh"] == compose.script(compose.Choices.of(choice))


def test_aws_accepts_the_longest_buildspec_inline() -> None:
    """Without this, `pulumi up` fails for the stack that makes one choice too many."""
    assert max(len(render(choice)) for choice in every_choice()) <= MAX_INLINE_CHARACTERS


def test_the_first_line_names_the_version_and_the_documentation() -> None:
    first = render(settings()).splitlines()[0]

    assert first.startswith(f"# Made by conviso-codebuild {VERSION}, ")
    assert "docs/buildspec.md" in first


def test_the_git_credential_helper_is_enabled_with_yes() -> None:
    """Without this, the YAML library writes `true`, but CodeBuild documents only `yes` and `no`."""
    for choice in every_choice():
        assert "git-credential-helper: yes\n" in render(choice)


def test_the_buildspec_contains_nothing_of_the_account_the_stack_or_the_configuration() -> None:
    """Without this, configured text becomes code, and equal buildspecs cannot share an object in a bucket."""
    one = settings(review={"strategy": "tags-by-time", "tagPrefix": "api/"}, scans=EVERYTHING)
    other = settings(
        "gitlab",
        projectKey="other",
        review={"strategy": "tags-by-time", "tagPrefix": "web-"},
        triggers={"releases": True},
        scans={**EVERYTHING, "failOn": {"severity": "LOW", "count": 7}, "rulesFile": "r.yml"},
        platform={"apiUrl": "https://conviso.acme.example", "companyId": "42", "assetName": "shop"},
        tags={"team": "appsec"},
    )
    assert render(one) == render(other)
    assert not re.search(r"arn:aws|\d{12}(?![0-9a-f])|amazonaws", re.sub(r"\b[0-9a-f]{40,}\b", "", render(one)))


free_text = st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=0x2FF), min_size=1, max_size=40)


@given(asset=free_text, rules=free_text)
def test_free_text_reaches_the_build_only_as_a_variable(asset: str, rules: str) -> None:
    """Without this, text from a stack file can run as a command of the build."""
    plain = settings(scans={"sast": "none", "rulesFile": "rules.yml"}, platform={"assetName": "shop"})
    given_text = plain.model_copy(
        update={
            "platform": plain.platform.model_copy(update={"asset_name": asset}),
            "scans": plain.scans.model_copy(update={"rules_file": rules}),
        }
    )
    assert render(given_text) == render(plain)
    assert variables(given_text)["CONVISO_ASSET_NAME"] == asset
    assert variables(given_text)["CONVISO_RULES_FILE"] == rules


def test_configured_values_become_variables_of_the_project() -> None:
    configured = settings(
        review={"strategy": "tags-by-version", "tagPrefix": "api/"},
        scans=EVERYTHING,
        platform={"apiUrl": "https://conviso.acme.example", "companyId": 42, "assetName": "shop api"},
    )
    assert variables(configured) == {
        "FLOW_PROJECT_CODE": "kXyZ12",
        "FLOW_API_URL": "https://conviso.acme.example",
        "CONVISO_COMPANY_ID": "42",
        "CONVISO_ASSET_NAME": "shop api",
        "CONVISO_TAG_PREFIX": "api/",
        "CONVISO_FAIL_ON_SEVERITY": "HIGH",
        "CONVISO_FAIL_ON_COUNT": "3",
        "CONVISO_RULES_FILE": "security/rules.yml",
    }
    assert variables(settings()) == {"FLOW_PROJECT_CODE": "kXyZ12"}, "a setting that is omitted has no variable"


def test_no_variable_of_the_build_changes_the_client_by_accident() -> None:
    """Without this, a variable of the build's own could make the client use another server or project."""
    ours = {*variables(settings(scans=EVERYTHING)), *EXPORTED, "CONVISO_WORK", "CONVISO_PYTHON", "CONVISO_COMMIT"}
    assert ours - SHARED_WITH_THE_CLIENT == {name for name in ours if name.startswith("CONVISO_")}
    assert not ours & READ_BY_THE_CLIENT


def test_the_build_sets_every_exported_variable() -> None:
    """Without this, CodeBuild exports a variable that is always empty."""
    everything = "\n".join(text for choice in CASES.values() for text in files(document(choice)).values())
    named = {f"CONVISO_{name}" for name in re.findall(r"\bremember ([A-Z_]+)", everything)}
    scans = {f"CONVISO_{name}" for name in ("SAST", "SCA", "IAC")}
    assert set(EXPORTED) <= named | scans | {f"{name}_FINDINGS" for name in scans}


def test_the_documentation_names_every_exported_variable() -> None:
    text = (ROOT / "docs" / "buildspec.md").read_text()
    assert [name for name in EXPORTED if f"`{name}`" not in text] == []


@pytest.mark.parametrize(
    ("version", "triggers", "branch"),
    [("refs/heads/main", {}, "main"), ("refs/tags/v1", {}, None), ("main", {"tags": True}, None)],
)
def test_conviso_ast_gets_the_branch_if_builds_have_exactly_one(
    version: str, triggers: dict[str, Any], branch: str | None
) -> None:
    """Without this, conviso-ast attributes the findings of a tag's build to a branch."""
    chosen = settings(source={"version": version}, review={"strategy": "none"}, client=AST, triggers=triggers)
    assert variables(chosen).get("CONVISO_BRANCH_NAME") == branch


def test_conviso_flowcli_gets_no_branch() -> None:
    assert "CONVISO_BRANCH_NAME" not in variables(settings())
