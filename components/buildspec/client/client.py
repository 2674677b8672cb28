"""Run the pinned Conviso client, and fail where it would end well without having done its work.

Each correction says what it corrects. They reach into the client, which is sound because its version is pinned by
hash and the tests of this project run the real one. Exit codes beside the client's own: 3, everything was sent and
the findings close the gate; 4, the platform already knows the commit, so nothing was scanned.

Two commands are added: `last-deploy` and `sort-tags`.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

WORK = Path(__file__).resolve().parent
GATE_CLOSED, NOTHING_NEW = 3, 4
SCANNERS = {"osv_scanner": "SCA", "iac_scanner_checkov": "IAC"}
# osv-scanner's own code for a repository without any package.
NOTHING_TO_SCAN = 128


class Run:
    """What is known of this run: findings by scan, what went wrong, whether the gate is closed."""

    def __init__(self) -> None:
        self.findings: dict[str, int] = {}
        self.problems: list[str] = []
        self.gate_closed = False
        self.nothing_new = False


def correct_network(_: Run) -> None:
    """Bound the waiting for the platform: the client sets no timeout. Docker's long answers carry no key."""
    adapter = import_module("requests.adapters").HTTPAdapter
    send = adapter.send

    def bounded(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        if "x-api-key" in request.headers and kwargs.get("timeout") in (None, (None, None)):
            kwargs["timeout"] = (15, 300)
        return send(self, request, *args, **kwargs)

    adapter.send = bounded


def correct_yaml(_: Run) -> None:
    """Keep a rules file or a scanner's output from making Python objects, that is, from running code."""
    yaml: Any = import_module("yaml")
    yaml.Loader = yaml.FullLoader = yaml.SafeLoader


def correct_git(_: Run) -> None:
    """Read the clone as it is (each command would fetch every remote first), and give the asset its stable name."""
    adapter = import_module("convisoappsec.flow.version_control_system_adapter").GitAdapter
    adapter.__init__.__defaults__ = (".", False, False)
    name = os.environ.get("CONVISO_ASSET_NAME")
    if name:
        import_module("convisoappsec.common.git_data_parser").GitDataParser.parse_name = lambda _: name


def correct_docker(run: Run) -> None:
    """Look at how each scanner ended: the client reads neither exit codes nor what its scanner threads raise.

    Sound, because nothing is inferred from a log: the client's own state machine says how far a scanner came, the
    Docker engine says how its container ended, and a report exists only if the scanner wrote one.
    """
    container = import_module("docker.models.containers").Container
    wait = container.wait

    def wait_and_see(self: Any, **kwargs: Any) -> Any:
        ended = wait(self, **kwargs)
        self.reload()
        if ended["StatusCode"] == 137 or self.attrs["State"].get("OOMKilled"):
            raise RuntimeError(
                "The scanner was killed, most likely for want of memory. Choose a larger environment.computeType."
            )
        return ended

    def check(unit: Any) -> None:
        scanner = unit.scanner
        name = scanner.repository_name
        if unit.state != "done":
            raise RuntimeError(f"{name} did not run: it came no further than {unit.state}.")
        code = scanner.docker.containers.get(scanner.name).wait()["StatusCode"]
        if not unit.results and code not in (0, NOTHING_TO_SCAN):
            raise RuntimeError(f"{name} did not finish: it left no report and ended with {code}.")
        if run.problems:
            raise RuntimeError(f"{name} may not have seen the source: {run.problems[0]}")
        if name in SCANNERS:
            run.findings[SCANNERS[name]] = count(unit.results) if unit.results else 0

    box = import_module("convisoappsec.common.box").ContainerWrapper
    run_all = box.run

    def run_and_check(self: Any) -> None:
        run_all(self)
        for unit in self.scanners:
            check(unit)

    container.wait = wait_and_see
    box.run = run_and_check


def correct_sast(run: Run) -> None:
    """Take SAST for done only with its report, and close the gate without ending the command.

    The client's success is the container's exit code 1, which is also that of a failed command in it.
    """
    sast: Any = import_module("convisoappsec.flowcli.sast.run")
    find = sast.find_blocked_issues

    def find_and_note(results: list[str], overall: Any, *_: Any) -> list[Any]:
        if not results:
            raise RuntimeError("SAST left no report, so it did not run.")
        run.findings["SAST"] = sum(map(count, results))
        severity = os.environ.get("CONVISO_FAIL_ON_SEVERITY")
        blocked = find(results, overall, int(os.environ.get("CONVISO_FAIL_ON_COUNT", "1")), severity)
        sast.print_blocked_issues(blocked)
        run.gate_closed = bool(blocked)
        return []

    sast.find_blocked_issues = find_and_note


def count(report: str) -> int:
    """Count the findings in a scanner's report."""
    content = json.loads(Path(report).read_text(encoding="utf-8"))
    if "issues" in content:
        return len(content["issues"])
    return sum(len(part.get("results", [])) for part in content["runs"])


class Problems(logging.Handler):
    """Collects what the client logs as an error and then goes on."""

    def __init__(self, run: Run) -> None:
        super().__init__(logging.ERROR)
        self.run = run

    def emit(self, record: logging.LogRecord) -> None:
        """Collect one message."""
        self.run.problems.append(record.getMessage())


def finish(run: Run, code: int, expected: list[str]) -> int:
    """Choose the exit code, and note the numbers of findings for the summary."""
    with (WORK / "state").open("a") as state:
        state.writelines(f"CONVISO_{name}_FINDINGS={number}\n" for name, number in run.findings.items())
    if code:
        return code
    if run.nothing_new:
        return NOTHING_NEW
    missing = [name for name in expected if name not in run.findings]
    problems = run.problems if expected else []
    if missing or problems:
        what = f"{' and '.join(missing)} did not run" if missing else problems[0]
        sys.stderr.write(f"conviso: ERROR: the client ended without an error, but {what}.\n")
        return 1
    return GATE_CLOSED if run.gate_closed else 0


def last_deploy() -> None:
    """Print the commit of the project's last deploy, or its tag where it has no commit; nothing before the first.

    The request is the one of `deploy create with values`, which no command of the client shows.
    """
    api = import_module("convisoappsec.flow.api")
    platform = api.RESTClient(os.environ.get("FLOW_API_URL") or api.DEFAULT_API_URL, os.environ["FLOW_API_KEY"])
    try:
        deploy = platform.deploys.get_latest(os.environ["FLOW_PROJECT_CODE"])
    except api.DeployNotFoundException:
        return
    sys.stdout.write(deploy["current_commit"] or deploy["current_tag"])


def sort_tags() -> None:
    """Sort lines of "commit tag" by semantic version, the highest first; drop tags that are no version.

    The prefix is ignored, and then one `v`. Pre-releases count, below their release: the client reads them so.
    """
    version = import_module("semantic_version").Version
    prefix = len(os.environ.get("CONVISO_TAG_PREFIX", ""))
    found: list[tuple[Any, str]] = []
    for line in sys.stdin:
        with suppress(ValueError):
            found.append((version(line.split()[1][prefix:].removeprefix("v")), line))
    found.sort(key=lambda pair: pair[0], reverse=True)
    sys.stdout.writelines(line for _, line in found)


def main(arguments: list[str]) -> int:
    """Run one command of the client."""
    sys.path[:0] = [str(WORK), str(WORK / "packages")]
    run = Run()
    if arguments == ["sort-tags"]:
        sort_tags()
        return 0
    correct_network(run)
    if arguments == ["last-deploy"]:
        last_deploy()
        return 0
    cli = import_module("convisoappsec.flowcli.entrypoint").cli
    import_module("convisoappsec.logger").LOGGER.addHandler(Problems(run))
    for correct in (correct_yaml, correct_git, correct_docker, correct_sast):
        correct(run)
    import_module("corrections").apply(run)
    command = arguments[0]
    expected = os.environ.get("CONVISO_SCANS", "").split() if command == "ast" else []
    if command in ("sast", "sca", "iac"):
        expected = [command.upper()]
    code = 0
    try:
        cli(args=arguments, prog_name="conviso")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        litter = import_module("convisoappsec.common.docker").SCSCommon.TEMPDIR
        if litter:
            shutil.rmtree(litter)
    return finish(run, code, expected)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
