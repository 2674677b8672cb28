"""Corrections that only conviso-ast needs."""

from __future__ import annotations

import os
import tempfile
from importlib import import_module as load
from typing import Any


def apply(run: Any, keep_page: Any) -> None:
    """Limit `ast run` to the chosen scans, each with a result of its own, and detect the errors that it hides."""
    # Outside of the source, where each scan would scan the reports of those before it.
    load("convisoappsec.common.docker").SCSCommon.TEMPDIR = tempfile.mkdtemp()
    _separate(run, os.environ.get("CONVISO_SCANS", "").split())
    _notice_that_nothing_is_new(run)
    _notice_page(keep_page)
    platform = "convisoappsec.flow.graphql_api"
    v1, beta = load(f"{platform}.v1.resources_api"), load(f"{platform}.beta.resources_api")
    _notice_failures(run, v1.IssuesApi, "send_issues_file")
    _notice_failures(run, beta.IssuesAPI, "auto_close_vulnerabilities")
    _notice_hidden_errors(run, v1.LogAstError)


def _separate(run: Any, chosen: list[str]) -> None:
    """Continue after a scan that fails, and raise its error after the last one, before any finding is closed."""
    entry: Any = load("convisoappsec.flowcli.ast.entrypoint")
    failures: list[Exception] = []

    def separate(name: str) -> None:
        perform = getattr(entry, f"perform_{name.lower()}")

        def performed(*args: Any, **kwargs: Any) -> Any:
            found, known = 0, len(run.problems)
            if name in chosen:
                try:
                    found = perform(*args, **kwargs)
                    _check(run, name, known)
                    run.done.append(name)
                except Exception as error:  # noqa: BLE001 - no error may stop the next scan
                    failure = RuntimeError(f"{name}: {error}")
                    failure.__cause__ = error
                    failures.append(failure)
            if name == "IAC" and failures:
                raise failures[0]
            return found

        setattr(entry, f"perform_{name.lower()}", performed)

    for name in ("SAST", "SCA", "IAC"):
        separate(name)


def _check(run: Any, name: str, known: int) -> None:
    """Raise an error for a scan that did not finish, which the client only logs."""
    problems = [] if name in run.findings else ["it left no report"]
    problems += run.problems[known:]
    if problems:
        raise RuntimeError(f"the client says nothing of it, but {problems[0]}")


def _notice_that_nothing_is_new(run: Any) -> None:
    """Distinguish a commit that the platform knows from one that was scanned: the command succeeds for both."""
    entry: Any = load("convisoappsec.flowcli.ast.entrypoint")
    perform = entry.perform_deploy

    def deploy(*args: Any, **kwargs: Any) -> Any:
        made = perform(*args, **kwargs)
        run.is_known = made is None
        return made

    entry.perform_deploy = deploy


def _notice_page(keep_page: Any) -> None:
    """Remember the page of the asset on the platform."""
    verifier: Any = load("convisoappsec.flowcli.requirements_verifier").RequirementsVerifier
    prepare = verifier.prepare_context

    def noted(*args: Any, **kwargs: Any) -> Any:
        context = prepare(*args, **kwargs)
        keep_page(context.params.get("company_id"), "assets", context.params.get("asset_id"))
        return context

    verifier.prepare_context = noted


def _notice_failures(run: Any, owner: Any, name: str) -> None:
    """Remember an error that the caller only prints, until a later try succeeds."""
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
    """Remember that the client reported an error to its vendor instead of its user."""
    tell = log.send_ast_error

    def remembered(*args: Any, **kwargs: Any) -> Any:
        run.problems.append("it told its makers of an error")
        return tell(*args, **kwargs)

    log.send_ast_error = remembered
