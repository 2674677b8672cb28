"""What only conviso-ast needs."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def apply(run: Any) -> None:
    """Let `ast run` do the chosen scans alone, and notice what it keeps to itself."""
    _leave_out(os.environ.get("CONVISO_SCANS", "").split())
    _notice_that_nothing_is_new(run)
    _notice_unsent_reports(run)
    platform = "convisoappsec.flow.graphql_api"
    # The client tells its makers of an error instead of its user.
    told = import_module(f"{platform}.v1.resources_api").LogAstError
    _before(told, "send_ast_error", lambda: run.problems.append("an error of it was told to Conviso only"))
    _notice_errors(run, import_module(f"{platform}.beta.resources_api").IssuesAPI, "auto_close_vulnerabilities")


def _leave_out(chosen: list[str]) -> None:
    entry: Any = import_module("convisoappsec.flowcli.ast.entrypoint")
    for name in {"SAST", "SCA", "IAC"} - set(chosen):
        setattr(entry, f"perform_{name.lower()}", lambda *_, **__: 0)


def _notice_that_nothing_is_new(run: Any) -> None:
    """Tell a commit that the platform knows from one that was scanned: the command ends well for both."""
    entry: Any = import_module("convisoappsec.flowcli.ast.entrypoint")
    perform = entry.perform_deploy

    def deploy(*args: Any, **kwargs: Any) -> Any:
        made = perform(*args, **kwargs)
        run.nothing_new = made is None
        return made

    entry.perform_deploy = deploy


def _notice_unsent_reports(run: Any) -> None:
    """Remember a report until it is sent: after five tries the client prints a line and goes on."""
    issues = import_module("convisoappsec.flow.graphql_api.v1.resources_api").IssuesApi
    send = issues.send_issues_file
    unsent = "the findings of SAST could not be sent"

    def remembered(*args: Any, **kwargs: Any) -> Any:
        if unsent not in run.problems:
            run.problems.append(unsent)
        answer = send(*args, **kwargs)
        run.problems.remove(unsent)
        return answer

    issues.send_issues_file = remembered


def _notice_errors(run: Any, owner: Any, name: str) -> None:
    """Remember an error that the caller only logs."""
    method = getattr(owner, name)

    def remembered(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except Exception as error:
            run.problems.append(str(error))
            raise

    setattr(owner, name, remembered)


def _before(owner: Any, name: str, note: Callable[[], None]) -> None:
    method = getattr(owner, name)

    def both(*args: Any, **kwargs: Any) -> Any:
        note()
        return method(*args, **kwargs)

    setattr(owner, name, both)
