"""A simulated Conviso platform, which remembers deploys and records what the clients send.

It answers the requests that conviso-flowcli (REST and GraphQL) and conviso-ast (GraphQL only) make during a build, in
the form that the clients read. It is modelled on the requests of the real clients.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PROJECT = "kXyZ12"
KEY = "flow-key-5f0c1d7e9b"
ASSET = {"id": "7", "name": "shop (example.com/acme)"}
COMPANY = {"id": "3", "label": "Acme"}
# For a company with this feature, the client sends findings one by one over GraphQL; for others, reports over REST.
_NEW_MANAGEMENT = "CONVISO_NEW_ISSUE_MANAGEMENT_ALLOWED_COMPANY"
_DEPLOY_OPERATIONS = {"deploysByAsset": "deploys", "createDeploy": "new deploys"}
_KINDS = {"createSastFinding": "sast", "createScaFinding": "sca", "createOrUpdateIacFinding": "iac"}


@dataclass(frozen=True)
class Deploy:
    """One deploy as it arrived: the version under review, and the one before it."""

    project: str
    current_commit: str
    previous_commit: str
    current_tag: str = ""
    previous_tag: str = ""
    total_lines: int | None = None
    diff: str = ""


@dataclass(frozen=True)
class Finding:
    """One finding as it arrived, whichever way it was sent."""

    kind: str
    title: str
    severity: str
    file: str
    commit: str | None = None
    deploy_id: str | None = None


@dataclass
class Platform:
    """The platform. Set its answers before a build, and read what arrived afterwards."""

    project: str = PROJECT
    last_deploy: Deploy | None = None
    has_new_management: bool = True
    companies: list[dict[str, str]] = field(default_factory=lambda: [COMPANY])
    # The assets of the project; findings go to the one that has the repository's name, or to the only one.
    project_assets: list[dict[str, str]] = field(default_factory=lambda: [ASSET])
    gate_locked: bool = False
    # The HTTP status of each part that fails: deploys, new deploys, findings, graphql, auth, gate, or "" for all.
    failures: dict[str, int] = field(default_factory=dict)
    # The first answers to a request, such as {"POST /api/v3/deploys": [(502, {})]}.
    first_answers: dict[str, list[tuple[int, object]]] = field(default_factory=dict)
    # Refuse findings as GraphQL does: with status 200 and an error in the body.
    forbids_findings: bool = False
    # Answer with status 200 and a web page, as a proxy that asks for a login does.
    answers_nonsense: bool = False

    deploys: list[Deploy] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    requests: list[str] = field(default_factory=list)
    # The kinds of reports that arrived, with or without findings.
    reports: list[str] = field(default_factory=list)
    # The names of the assets that the client looked up or created.
    assets: list[str] = field(default_factory=list)
    gates: list[dict[str, Any]] = field(default_factory=list)
    # The branches of the files of findings that arrived.
    branches: set[str | None] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._lock = Lock()

    def rest(self, method: str, path: str, key: str, sent: Mapping[str, Any]) -> tuple[int, object]:
        """Answer a REST request."""
        with self._lock:
            refusal = self._refusal(f"{method} {path}", _part(method, path), key)
            if refusal:
                return refusal
            if path.startswith("/auth/"):
                return 200, "registry-token"
            if path.endswith("/jsonschema"):
                return 200, {"type": "object"}
            answers = {
                "GET /api/v3/deploys/last": self._answer_last_deploy,
                "POST /api/v3/deploys": self._take_deploy,
                "POST /findings": self._take_report,
                "POST /api/v3/security_gate/vulnerabilities": self._judge,
            }
            answer = answers.get(f"{method} {path}")
            return answer(sent) if answer else (404, {})

    def graphql(self, operation: str, key: str, variables: dict[str, Any], file: str | None) -> tuple[int, object]:
        """Answer a GraphQL request for one field; `file` is the text of the uploaded file, if any."""
        with self._lock:
            part = _DEPLOY_OPERATIONS.get(operation, "graphql")
            part = "findings" if "Finding" in operation else part
            refusal = self._refusal(f"POST /graphql {operation}", part, key)
            if refusal:
                return refusal
            if operation == "createAsset":
                self.assets.append(variables["name"])
            if operation in _KINDS:
                self.findings.append(_finding(_KINDS[operation], variables["input"]))
            if operation == "importAstFindingsFile":
                self._take_file(variables, json.loads(file or "{}"))
            answers: dict[str, Callable[[dict[str, Any]], object]] = {
                "projects": self._projects,
                "companies": lambda _: {"collection": [self._company(c) for c in self.companies]},
                "company": self._one_company,
                "assets": self._assets,
                "deploysByAsset": self._deploys_of_asset,
                "createDeploy": self._take_asset_deploy,
                "issues": lambda _: {"collection": [], "metadata": {"totalCount": 0, "totalPages": 1}},
                "securityGateRun": lambda _: {"status": "FAIL" if self.gate_locked else "PASS"},
            }
            return 200, {"data": {operation: answers.get(operation, _acknowledge)(variables)}}

    def _refusal(self, request: str, part: str, key: str) -> tuple[int, object] | None:
        self.keys.add(key)
        self.requests.append(request)
        if self.first_answers.get(request):
            return self.first_answers[request].pop(0)
        status = self.failures.get(part, self.failures.get(""))
        if status:
            return status, {"errors": [{"message": HTTPStatus(status).phrase}]}
        if key != KEY:
            return 401, {"errors": ["invalid key"]}
        if part == "findings" and self.forbids_findings:
            return 200, {"errors": [{"message": "Not authorized"}]}
        return (200, "<html>Sign in to continue</html>") if self.answers_nonsense else None

    def _answer_last_deploy(self, _: Mapping[str, Any]) -> tuple[int, object]:
        return (200, _as_json(self.last_deploy, 40 + len(self.deploys))) if self.last_deploy else (404, {})

    def _take_deploy(self, form: Mapping[str, str]) -> tuple[int, object]:
        lines = form.get("deploy[project][metrics][total_lines]")
        deploy = Deploy(
            project=form["api_code"],
            current_commit=form["deploy[current_version][commit]"],
            previous_commit=form["deploy[previous_version][commit]"],
            current_tag=form.get("deploy[current_version][tag]", ""),
            previous_tag=form.get("deploy[previous_version][tag]", ""),
            total_lines=int(lines) if lines else None,
            diff=form.get("deploy[diff_content]", ""),
        )
        self.deploys.append(deploy)
        self.last_deploy = deploy
        return 201, _as_json(deploy, 40 + len(self.deploys))

    def _take_report(self, sent: Mapping[str, Any]) -> tuple[int, object]:
        report = sent["report"]
        kind, refs = report["type"], report.get("code_version")
        self.reports.append(kind)
        for issue in report["issues"]:
            commit = refs[0].split()[0] if refs else None
            self.findings.append(_reported(kind, issue, commit, sent.get("flow_deploy_id")))
        return 201, {}

    def _judge(self, rules: Mapping[str, Any]) -> tuple[int, object]:
        self.gates.append(dict(rules))
        return 200, {"locked": self.gate_locked, "summary": []}

    def _take_file(self, variables: dict[str, Any], report: dict[str, Any]) -> None:
        kind = variables["vulnerabilityTypes"][0].removesuffix("_FINDING").lower()
        self.reports.append(kind)
        self.branches.add(variables.get("branch"))
        for issue in report["issues"]:
            self.findings.append(_reported(kind, issue, variables["commitRef"], variables["deployId"]))

    def _company(self, company: dict[str, str]) -> dict[str, object]:
        return {**company, "customFeatures": [_NEW_MANAGEMENT] if self.has_new_management else []}

    def _one_company(self, variables: dict[str, Any]) -> object:
        found = [c for c in self.companies if c["id"] == str(variables["company_id"])]
        return self._company(found[0]) if found else None

    def _projects(self, variables: dict[str, Any]) -> object:
        company = self._company(COMPANY)
        project = {"id": "11", "apiCode": self.project, "assets": self.project_assets, "company": company}
        known = variables["project_code"] in {self.project, ""}
        return {"collection": [project] if known else []}

    def _assets(self, variables: dict[str, Any]) -> object:
        name = variables["name"]
        if name is None:
            return {"collection": []}
        self.assets.append(name)
        return {"collection": [{**ASSET, "name": name, "projects": [{"apiCode": self.project}]}]}

    def _deploys_of_asset(self, _: dict[str, Any]) -> object:
        last = self.last_deploy
        known = {"currentCommit": last.current_commit, "previousCommit": last.previous_commit} if last else None
        return {"collection": [known] if known else []}

    def _take_asset_deploy(self, variables: dict[str, Any]) -> object:
        deploy = Deploy("", variables["currentCommit"], variables["previousCommit"])
        self.deploys.append(deploy)
        self.last_deploy = deploy
        return {"deploy": {"id": str(40 + len(self.deploys))}}


def _part(method: str, path: str) -> str:
    if path.startswith("/api/v3/deploys"):
        return "new deploys" if method == "POST" else "deploys"
    return "gate" if path.startswith("/api/") else path.split("/")[1]


def _acknowledge(_: dict[str, Any]) -> object:
    """Acknowledge a record of the client's own progress; the client reads no more than an id."""
    record = {"id": "1"}
    return {
        "success": True,
        "asset": ASSET,
        "controlSyncStatus": record,
        "scanRun": record,
        "issue": record,
        "msg": "",
    }


def _as_json(deploy: Deploy, number: int) -> dict[str, object]:
    return {
        "id": number,
        "created_at": "2026-11-01T10:00:00Z",
        "current_commit": deploy.current_commit,
        "previous_commit": deploy.previous_commit,
        "current_tag": deploy.current_tag,
        "previous_tag": deploy.previous_tag,
    }


def _finding(kind: str, given: dict[str, Any]) -> Finding:
    commit, deploy = given.get("commitRef"), given.get("deployId")
    return Finding(kind, given["title"], given["severity"], given["fileName"], commit, deploy)


def _reported(kind: str, issue: dict[str, Any], commit: str | None, deploy: str | None) -> Finding:
    return Finding(kind, issue["title"], issue["severity"].upper(), issue["filename"], commit, deploy)
