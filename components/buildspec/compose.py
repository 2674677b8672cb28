"""Which files make up the build of one integration, and the configuration values that it reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..config import AstClient, ClientPackage, Provider, S3Source, SastRange, Strategy
from .bare import bare_python, bare_shell

if TYPE_CHECKING:
    from ..config import Client, IntegrationSettings, Scans

_HERE = Path(__file__).parent
_NOTICE = "# Made by conviso-codebuild: change its settings, not this text.\n"

_STRATEGIES: dict[Strategy, tuple[str, ...]] = {
    Strategy.GIT_TREE: ("deploy", "git_tree"),
    Strategy.TAGS_BY_TIME: ("deploy", "tags", "tags_by_time"),
    Strategy.TAGS_BY_VERSION: ("deploy", "tags", "tags_by_version"),
    Strategy.NONE: (),
}
_RANGES: dict[SastRange, tuple[str, ...]] = {
    SastRange.DEPLOY_RANGE: ("range_deploy", "sast"),
    SastRange.REPOSITORY: ("range_repository", "sast"),
    SastRange.LAST_COMMIT: ("range_last_commit", "sast"),
    SastRange.NONE: (),
}


class Choices(NamedTuple):
    """All that the text of a build depends on."""

    strategy: Strategy
    scans: Scans
    client: Client
    in_s3: bool

    @classmethod
    def of(cls, settings: IntegrationSettings) -> Choices:
        """The choices of an integration."""
        return cls(settings.review.strategy, settings.scans, settings.client, settings.source.provider is Provider.S3)


def script(choices: Choices) -> str:
    """The build's bash script: only the files that the choices need, in the order of their steps."""
    return _NOTICE + bare_shell(commented_script(choices))


def commented_script(choices: Choices) -> str:
    """The same with its comments."""
    return "".join(_read(f"shell/{name}.sh") for name in _parts(choices))


def python_files(choices: Choices) -> dict[str, str]:
    """The Python files beside the script, by their name in the build."""
    files = {"client.py": "client.py"}
    if choices.client.package is ClientPackage.AST:
        files["corrections.py"] = "corrections_ast.py"
    return {name: bare_python(_read(f"client/{file}")) for name, file in files.items()}


def lock(client: Client) -> str:
    """The client and its dependencies, each with the hashes of the files that may be installed."""
    return _read(f"locks/{client.package}-{client.version}.txt")


def variables(settings: IntegrationSettings) -> dict[str, str]:
    """The plaintext variables of the build project: what is configured reaches the script as data, never as its text.

    Users may set none of these names. The key is the component's business.
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


def _branch(settings: IntegrationSettings) -> str | None:
    """The branch, for conviso-ast, which closes the findings of all branches where it knows none.

    A build that no webhook started does not tell it; one of a tag has none.
    """
    source = settings.source
    if not isinstance(settings.client, AstClient) or isinstance(source, S3Source) or settings.triggers.tags:
        return None
    return source.branch


def _parts(choices: Choices) -> list[str]:
    scans, client = choices.scans, choices.client
    flowcli = client.package is ClientPackage.FLOWCLI
    parts = ["common", "key", *(["project"] if flowcli else []), "source", "python", "docker"]
    if choices.strategy is not Strategy.NONE:
        parts += ["no_fetch" if choices.in_s3 else "fetch", *_STRATEGIES[choices.strategy]]
    parts += ["install", "scan", *_RANGES[scans.sast]]
    parts += ["sca"] * scans.sca + ["iac"] * scans.iac
    if isinstance(client, AstClient):
        parts += ["ast", "ast_run_auto_close" if client.auto_close else "ast_run"]
    else:
        parts.append("scans")
    parts += ["gate_findings"] * bool(scans.fail_on) + ["gate_rules"] * bool(scans.rules_file)
    return [*parts, "summary", "main"]


def _read(path: str) -> str:
    return (_HERE / path).read_text(encoding="utf-8")
