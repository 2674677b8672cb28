"""What only conviso-ast needs."""

from __future__ import annotations

import os
from importlib import import_module as load
from typing import Any


def apply(run: Any) -> None:
    """Let `ast run` do the chosen scans alone, and notice what it keeps to itself."""
    _leave_out(os.environ.get("CONVISO_SCANS", "").split())
    _notice_that_nothing_is_new(run)
    platform = "convisoappsec.flow.graphql_api"
    v1, beta = load(f"{platform}.v1.resources_api"), load(f"{platform}.beta.resources_api")
    _notice_failures(run, v1.IssuesApi, "send_issues_file")
    _notice_failures(run, beta.IssuesAPI, "auto_close_vulnerabilities")
    _notice_hidden_errors(run, v1.LogAstError)


def _leave_out(chosen: list[str]) -> None:
    entry: Any = load("convisoappsec.flowcli.ast.entrypoint")
    for name in {"SAST", "SCA", "IAC"} - set(chosen):
        setattr(entry, f"perform_{name.lower()}", lambda *_, **__: 0)


def _notice_that_nothing_is_new(run: Any) -> None:
    """Tell a commit that the platform knows from one that was scanned: the command ends well for both."""
    entry: Any = load("convisoappsec.flowcli.ast.entrypoint")
    perform = entry.perform_deploy

    def deploy(*args: Any, **kwargs: Any) -> Any:
        made = perform(*args, **kwargs)
        run.nothing_new = made is None
        return made

    entry.perform_deploy = deploy


def _notice_failures(run: Any, owner: Any, name: str) -> None:
    """Remember an error that the caller only prints; a later try that succeeds makes up for it."""
    method = getattr(owner, name)
    problem = f"{name} failed"

    def remembered(*args: Any, **kwargs: Any) -> Any:
        if problem not in run.problems:
            run.problems.append(problem)
        answer = method(*args, **kwargs)
        run.problems.remove(problem)
        return answer

    setattr(owner, name, remembered)


def _notice_hidden_errors(run: Any, log: Any) -> None:
    """Remember that there was an error which the client tells its makers instead of its user."""
    tell = log.send_ast_error

    def remembered(*args: Any, **kwargs: Any) -> Any:
        run.problems.append("it told its makers of an error")
        return tell(*args, **kwargs)

    log.send_ast_error = remembered
