"""The files that make up the build of an integration, and the variables that they read."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from ..config import (
    AstClient,
    Client,
    ClientPackage,
    GitSource,
    IntegrationSettings,
    Provider,
    S3Source,
    SastRange,
    Scans,
    Strategy,
)
from .minify import minified_python, minified_shell

_HERE = Path(__file__).parent

ALWAYS = "always"
SLOTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "start": {ALWAYS: ("common",)},
    "guards": {ALWAYS: ("key", "source", "content", "python", "docker"), ClientPackage.FLOWCLI: ("project",)},
    "fetch": {"git": ("git",), "s3": ("s3",)},
    "base": {"pull request": ("pull_request",)},
    "deploy": {
        Strategy.GIT_TREE: ("create", "git_tree"),
        Strategy.TAGS_BY_TIME: ("create", "tags", "tags_by_time"),
        Strategy.TAGS_BY_VERSION: ("create", "tags", "tags_by_version"),
    },
    "install": {ALWAYS: ("client",)},
    "sast_range": {
        SastRange.DEPLOY_RANGE: ("deploy_range",),
        SastRange.REPOSITORY: ("repository",),
        SastRange.LAST_COMMIT: ("last_commit",),
        "since the base": ("pull_request",),
    },
    "report": {"report": ("sent",), "no report": ("unsent",)},
    "scanners": {"sast": ("sast",), "sca": ("sca",), "iac": ("iac",)},
    "scans": {
        ALWAYS: ("results",),
        "one by one": ("one_by_one",),
        "at once": ("ast",),
        "autoClose": ("ast_run_auto_close",),
        "no autoClose": ("ast_run",),
    },
    "gates": {"failOn": ("findings",), "rulesFile": ("rules",), "rulesFile of the base": ("rules_of_base",)},
    "summary": {ALWAYS: ("summary",)},
    "phases": {ALWAYS: ("phases",)},
}
"""The slots of a build in their order, and for each choice the files that fill the slot: a folder of `shell/`."""


class Choices(NamedTuple):
    """Everything that the text of a build depends on."""

    strategy: Strategy
    scans: Scans
    client: Client
    in_s3: bool
    pull_request: bool = False
    report: bool = True
    """Whether findings are sent to the platform."""

    @classmethod
    def of(cls, settings: IntegrationSettings) -> "Choices":
        """Return the choices of an integration."""
        return cls(settings.review.strategy, settings.scans, settings.client, settings.source.provider is Provider.S3)

    @classmethod
    def of_pull_request(cls, settings: IntegrationSettings) -> "Choices":
        """Return the choices for an integration's pull requests, whose builds make no deploy and close no findings."""
        wanted = settings.triggers.pull_requests
        return cls.of(settings)._replace(
            strategy=Strategy.NONE, pull_request=True, report=wanted is not None and wanted.report
        )


def script(choices: Choices) -> str:
    """The build's bash script, without comments."""
    return minified_shell(commented_script(choices))


def commented_script(choices: Choices) -> str:
    """The build's bash script, from the files that the choices need, in the order of their slots."""
    return "".join(_read(f"shell/{path}.sh") for path in parts(choices))


def parts(choices: Choices) -> list[str]:
    """The files of the script, in the form `slot/file`."""
    chosen = set(_chosen(choices))
    return [
        f"{slot}/{file}"
        for slot, alternatives in SLOTS.items()
        for choice, files in alternatives.items()
        if choice in chosen
        for file in files
    ]


def python_files(choices: Choices) -> dict[str, str]:
    """The Python files next to the script, by their name in the build."""
    files = {"client.py": "client.py", "network.py": "network.py"}
    if choices.client.package is ClientPackage.AST:
        files["corrections.py"] = "corrections_ast.py"
    if not choices.report:
        files["unsent.py"] = "unsent.py"
    return {name: minified_python(_read(f"client/{file}")) for name, file in files.items()}


def lock(client: Client) -> str:
    """The client and its dependencies, each with the hashes of its files."""
    return _read(f"locks/{client.package}-{client.version}.txt")


def variables(settings: IntegrationSettings) -> dict[str, str]:
    """The plaintext variables of the build project, by which settings reach the script without becoming part of it.

    Users cannot set variables of these names. The component adds the variable for the API key.
    """
    fail_on = settings.scans.fail_on
    values = {
        "FLOW_PROJECT_CODE": settings.project_key,
        "FLOW_API_URL": settings.platform.api_url,
        "CONVISO_COMPANY_ID": settings.platform.company_id,
        "CONVISO_ASSET_NAME": settings.platform.asset_name,
        "CONVISO_BRANCH_NAME": _branch(settings),
        "CONVISO_TAG_PREFIX": settings.review.tag_prefix,
        "CONVISO_FAIL_ON_SEVERITY": fail_on and fail_on.severity.value,
        "CONVISO_FAIL_ON_COUNT": fail_on and str(fail_on.count),
        "CONVISO_RULES_FILE": settings.scans.rules_file,
    }
    return {name: value for name, value in values.items() if value}


def pull_request_variables(settings: IntegrationSettings) -> dict[str, str]:
    """The variables of the project for pull requests, which also name the branch and repository to merge into."""
    source = settings.source
    if not isinstance(source, GitSource):
        return {}
    unused = {"CONVISO_TAG_PREFIX", "CONVISO_BRANCH_NAME"}
    values = {name: value for name, value in variables(settings).items() if name not in unused}
    return values | {"CONVISO_BASE_BRANCH": source.branch or "", "CONVISO_BASE_REPOSITORY": source.repository}


def _branch(settings: IntegrationSettings) -> str | None:
    """The branch, for conviso-ast, which would close the findings of all branches if it did not know the branch.

    CodeBuild provides it only in builds that a webhook started. A build of a tag has no branch.
    """
    source = settings.source
    if not isinstance(settings.client, AstClient) or isinstance(source, S3Source) or settings.triggers.tags:
        return None
    return source.branch


def _chosen(choices: Choices) -> Iterator[str]:
    """The keys of `SLOTS` that apply to these choices."""
    scans, client, pull_request = choices.scans, choices.client, choices.pull_request
    yield from (ALWAYS, client.package)
    if choices.strategy is not Strategy.NONE:
        yield from (choices.strategy, "s3" if choices.in_s3 else "git")
    if pull_request:
        yield from ("pull request", "report" if choices.report else "no report")
    if scans.sast is not SastRange.NONE:
        yield from ("sast", "since the base" if pull_request else scans.sast)
    # conviso-ast's command for all scans makes a deploy and may close findings, so pull requests do without it.
    if isinstance(client, AstClient) and not pull_request:
        yield from ("at once", "autoClose" if client.auto_close else "no autoClose")
    else:
        yield "one by one"
    if scans.rules_file:
        yield "rulesFile of the base" if pull_request else "rulesFile"
    yield from (name for name, on in {"sca": scans.sca, "iac": scans.iac, "failOn": scans.fail_on}.items() if on)


def _read(path: str) -> str:
    return (_HERE / path).read_text(encoding="utf-8")
