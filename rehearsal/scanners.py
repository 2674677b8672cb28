"""Simulates what Conviso's scanner images do with the uploaded source, as far as a build can observe it.

A line such as `# flaw: HIGH sql injection` is a finding: of SAST in a `.py` file that changed in its range of commits
according to git, of IaC in a `.tf` file, and of SCA in a `requirements.txt`.
"""

from __future__ import annotations

import base64
import io
import json
import os
import re
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

_FLAW = re.compile(r"# flaw: (\w+) (.+)")
_DIFF = re.compile(r"--diff=(\S*),(\S*)")
_SAST_REPORT = "/tmp/output.json"  # noqa: S108 - a path in the image
_KILLED = 137


@dataclass(frozen=True)
class Scan:
    """How a scanner's run ended: its exit code, what it printed and the files that it left."""

    exit_code: int
    printed: bytes = b""
    files: dict[str, bytes] = field(default_factory=dict)


def run(image: str, command: list[str], uploads: list[tuple[str, bytes]], *, reports_when_clean: bool) -> Scan:
    """Do what the image's scanner does with the uploads, which are pairs of a target folder and an archive."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for target, archive in uploads:
            _unpack(archive, root / target.lstrip("/"))
        name = image.rpartition("/")[2].partition(":")[0]
        scan = {
            "scc": _count_lines,
            "sastbox_v2": _sast,
            "osv_scanner": _sca,
            "iac_scanner_checkov": _iac,
            "sastbox-converter-tool": _convert,
        }[name](root, command)
    if scan.files and not reports_when_clean and not any(b'"title"' in text for text in scan.files.values()):
        return Scan(scan.exit_code, scan.printed)
    return scan


def sast_range(command: list[str]) -> tuple[str, str] | None:
    """Return the two commits that the command of a SAST container compares, the older one first."""
    found = _DIFF.search(" ".join(command))
    return (found.group(1), found.group(2)) if found else None


def count(scan: Scan) -> int:
    """Count the findings of a scan."""
    return sum(len(json.loads(report)["issues"]) for report in scan.files.values())


def killed() -> Scan:
    """Return the result of a scanner that the kernel killed: an exit code and nothing else."""
    return Scan(_KILLED)


def archive(path: str, content: bytes) -> bytes:
    """Pack one file into an archive, as the engine does."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        member = tarfile.TarInfo(path)
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def names(content: bytes) -> list[str]:
    """List the names in an archive."""
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        return tar.getnames()


def sources(target: str, content: bytes) -> list[str]:
    """List the files that scanners read from an archive that is unpacked into `target`."""
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        files = (PurePosixPath(target.lstrip("/")) / member.name for member in tar if member.isfile())
        return [str(file) for file in files if file.parts[0] == "code" and ".git" not in file.parts[1:2]]


def _unpack(content: bytes, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        tar.extractall(folder, filter="tar")


def _count_lines(root: Path, _: list[str]) -> Scan:
    lines = sum(len(file.read_bytes().splitlines()) for file in _sources(root))
    return Scan(0, f"SUM:\n  blank: 0\n  comment: 0\n  code: {lines}\n".encode())


def _sast(root: Path, command: list[str]) -> Scan:
    wanted = sast_range(command) or ("", "")
    git = ["git", "-c", "safe.directory=*", "-C", str(root / "code")]
    diff = [*git, "diff", "--name-only", "-z", "--no-ext-diff", "--no-textconv", *wanted]
    done = subprocess.run(diff, capture_output=True, check=False)
    changed = set(done.stdout.decode(errors="replace").split("\0"))
    issues = [issue for issue in _flaws(root, ".py") if issue["filename"] in changed]
    # The real image exits with 1 on success; the client takes anything else for a failure.
    return Scan(1, b"scanning\r\n", {_SAST_REPORT: _report(issues)})


def _sca(root: Path, _: list[str]) -> Scan:
    issues = [
        {**issue, "path": issue["filename"], "component": "flask", "version": "0.1", "references": [], "cve": []}
        | {"fixed_version": {"fixed": "1.0"}, "solution": "update"}
        for issue in _flaws(root, "requirements.txt")
    ]
    return Scan(0, b"", {"/osv_scanner.json": _report(issues)})


def _iac(root: Path, command: list[str]) -> Scan:
    issues = _flaws(root, ".tf")
    # conviso-ast reads SARIF; conviso-flowcli has another image convert it to `issues` first.
    report = {"issues": issues, **_sarif(issues)}
    return Scan(0, b"", {command[command.index("-o") + 1]: json.dumps(report).encode()})


def _convert(root: Path, command: list[str]) -> Scan:
    given, wanted = command[command.index("--input") + 1], command[command.index("--output") + 1]
    return Scan(0, b"", {wanted: (root / given.lstrip("/")).read_bytes()})


def _report(issues: list[dict[str, Any]]) -> bytes:
    return json.dumps({"issues": issues, "summary": {"issues_count": {"total": len(issues)}}}).encode()


def _sarif(issues: list[dict[str, Any]]) -> dict[str, Any]:
    rules = [{"name": issue["title"]} for issue in issues]
    results = [
        {
            "ruleIndex": number,
            "message": {"text": issue["description"]},
            "properties": {"issueSeverity": issue["severity"], "cweId": "16", "solution": "close it"},
            "partialFingerprints": {"hashIssueV2": issue["hash_issue"]},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": issue["filename"]},
                        "region": {"startLine": issue["line"]},
                        "contextRegion": {"startLine": issue["line"], "snippet": {"text": "open"}},
                    }
                }
            ],
        }
        for number, issue in enumerate(issues)
    ]
    return {"runs": [{"tool": {"driver": {"rules": rules}}, "results": results}]}


def _flaws(root: Path, ending: str) -> list[dict[str, Any]]:
    issues = []
    for file in _sources(root):
        if not file.name.endswith(ending):
            continue
        for number, line in enumerate(file.read_text(errors="replace").splitlines(), 1):
            if flaw := _FLAW.search(line):
                # A report is text, so that bytes of a name which are not UTF-8 are lost in it.
                name = os.fsencode(file.relative_to(root / "code")).decode(errors="replace")
                issues.append(_issue(name, number, line, flaw))
    return issues


def _issue(file: str, number: int, line: str, flaw: re.Match[str]) -> dict[str, Any]:
    identity = f"{file}:{flaw.group(2)}"
    return {
        "title": flaw.group(2),
        "description": f"{flaw.group(2)} in {file}",
        "severity": flaw.group(1),
        "filename": file,
        "line": number,
        "evidence": base64.b64encode(f"{number}: {line}".encode()).decode(),
        "references": [],
        "hash_issue": identity,
        "hash_issue_v2": identity,
        "reporter": "stand-in",
    }


def _sources(root: Path) -> list[Path]:
    code = root / "code"
    inside = (file.relative_to(code) for file in code.rglob("*") if file.is_file() and not file.is_symlink())
    return sorted(code / file for file in inside if file.parts[0] != ".git")
