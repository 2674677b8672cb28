"""Run the pinned Conviso client, and fail where it would end well without having done its work.

Each correction says what it corrects. They reach into the client, which is sound because its version is pinned by
hash and the tests of this project run the real one. Exit codes beside the client's own: 3, everything was sent and
the findings close the gate; 4, the platform already knows the commit, so nothing was scanned.

Two commands are added: `last-deploy` and `sort-tags`.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from contextlib import suppress
from importlib import import_module as load
from pathlib import Path
from types import SimpleNamespace
from typing import Any

SCANNERS = {"osv_scanner": "SCA", "iac_scanner_checkov": "IAC"}

env = os.environ.get
run = SimpleNamespace(findings={}, problems=[], gate_closed=False, nothing_new=False)
"""What is known of this run: findings by scan, what the client only logged, the gate."""


def correct_network() -> None:
    """Bound the waiting for the platform: the client sets no timeout. Docker's long answers carry no key."""
    adapter = load("requests.adapters").HTTPAdapter
    send = adapter.send

    def bounded(self: Any, request: Any, **kwargs: Any) -> Any:
        if "x-api-key" in request.headers:
            kwargs["timeout"] = kwargs.get("timeout") or (15, 300)
        return send(self, request, **kwargs)

    adapter.send = bounded


def correct_log() -> None:
    """Remember what the client logs as an error before it goes on."""
    log = load("convisoappsec.logger").LOGGER
    error = log.error

    def remembered(message: Any, *args: Any, **kwargs: Any) -> None:
        run.problems.append(str(message))
        error(message, *args, **kwargs)

    log.error = remembered


def correct_yaml() -> None:
    """Keep a rules file or a scanner's output from making Python objects, that is, from running code."""
    yaml: Any = load("yaml")
    yaml.Loader = yaml.FullLoader = yaml.SafeLoader


def correct_git() -> None:
    """Read the clone as it is (each command would fetch every remote first), and give the asset its stable name."""
    adapter = load("convisoappsec.flow.version_control_system_adapter").GitAdapter
    adapter.__init__.__defaults__ = (".", False, False)
    name = env("CONVISO_ASSET_NAME")
    if name:
        load("convisoappsec.common.git_data_parser").GitDataParser.parse_name = lambda _: name


def correct_tags() -> None:
    """Give the tag trackers of conviso-flowcli the pair of versions that the build chose."""
    if env("CONVISO_CURRENT_TAG"):
        searchers = load("convisoappsec.flow.version_searchers")
        names = ("current_tag", "previous_tag", "current_commit", "previous_commit")
        pair = {name: env(f"CONVISO_{name.upper()}") or None for name in names}
        for searcher in (searchers.TimeBasedVersionSearcher, searchers.SortedByVersioningStyle):
            searcher.find_current_and_previous_version = lambda _: searchers.VersionSearcherResult(**pair)


def correct_docker() -> None:
    """Look at how each scanner ended: the client reads neither exit codes nor what its scanner threads raise.

    Sound, because nothing is inferred from a log: the client's own state machine says how far a scanner came, the
    Docker engine says how its container ended, and a report exists only if the scanner wrote one. It fails at once,
    so that conviso-ast does not close the findings of a scanner that died.
    """
    container = load("docker.models.containers").Container
    box = load("convisoappsec.common.box").ContainerWrapper
    wait, run_all = container.wait, box.run

    def waited(self: Any, **kwargs: Any) -> Any:
        ended = wait(self, **kwargs)
        self.reload()
        if ended["StatusCode"] == 137 or self.attrs["State"].get("OOMKilled"):
            raise RuntimeError("killed, most likely for want of memory: choose a larger environment.computeType")
        return ended

    def checked(self: Any) -> None:
        known = len(run.problems)
        run_all(self)
        for unit in self.scanners:
            scanner, name = unit.scanner, unit.scanner.repository_name
            if unit.state != "done":
                raise RuntimeError(f"{name} did not run: it came no further than {unit.state}")
            code = scanner.docker.containers.get(scanner.name).wait()["StatusCode"]
            # 128 is osv-scanner's own code for a repository without any package.
            if not unit.results and code not in (0, 128):
                raise RuntimeError(f"{name} left no report and ended with {code}")
            if run.problems[known:]:
                raise RuntimeError(f"{name} may not have seen the source: {run.problems[known]}")
            if name in SCANNERS:
                run.findings[SCANNERS[name]] = count(unit.results) if unit.results else 0

    container.wait = waited
    box.run = checked


def correct_sast() -> None:
    """Take SAST for done only with its report, and close the gate without ending the command.

    The client's success is the container's exit code 1, which is also that of a failed command in it.
    """
    sast: Any = load("convisoappsec.flowcli.sast.run")
    find = sast.find_blocked_issues

    def noted(results: list[str], overall: Any, *_: Any) -> list[Any]:
        if not results:
            raise RuntimeError("SAST left no report")
        run.findings["SAST"] = sum(map(count, results))
        least = int(env("CONVISO_FAIL_ON_COUNT", "1"))
        blocked = find(results, overall, least, env("CONVISO_FAIL_ON_SEVERITY"))
        sast.print_blocked_issues(blocked)
        run.gate_closed = bool(blocked)
        return []

    sast.find_blocked_issues = noted


def count(report: str) -> int:
    """Count the findings in a scanner's report."""
    content = json.loads(Path(report).read_text())
    if "issues" in content:
        return len(content["issues"])
    return sum(len(part.get("results", [])) for part in content["runs"])


def last_deploy() -> None:
    """Print the commit of the project's last deploy, or its tag where it has no commit; nothing before the first.

    The request is the one of `deploy create with values`, which no command of the client shows.
    """
    api = load("convisoappsec.flow.api")
    platform = api.RESTClient(env("FLOW_API_URL") or api.DEFAULT_API_URL, os.environ["FLOW_API_KEY"])
    with suppress(api.DeployNotFoundException):
        deploy = platform.deploys.get_latest(os.environ["FLOW_PROJECT_CODE"])
        sys.stdout.write(deploy["current_commit"] or deploy["current_tag"])


def sort_tags() -> None:
    """Sort lines of "commit tag" by semantic version, the highest first; drop tags that are no version.

    The prefix is ignored, and then one `v`. Pre-releases count, below their release: the client reads them so.
    """
    version = load("semantic_version").Version
    prefix = len(env("CONVISO_TAG_PREFIX", ""))
    found: list[tuple[Any, str]] = []
    for line in sys.stdin:
        with suppress(ValueError):
            found.append((version(line.split()[1][prefix:].removeprefix("v")), line))
    sys.stdout.writelines(line for _, line in sorted(found, reverse=True))


def command(words: list[str]) -> Any:
    """Run a command of the client, note its findings for the summary, and choose what to exit with."""
    entry = load("convisoappsec.flowcli.entrypoint")
    for correct in (correct_log, correct_yaml, correct_git, correct_tags, correct_docker, correct_sast):
        correct()
    if Path("corrections.py").exists():
        load("corrections").apply(run)
    if Path("unsent.py").exists():
        words = load("unsent").keep_results(words)
    code = 0
    try:
        entry.cli(args=words, prog_name="conviso")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        litter = load("convisoappsec.common.docker").SCSCommon.TEMPDIR
        if litter:
            shutil.rmtree(litter)
        with Path("state").open("a") as state:
            state.writelines(f"export CONVISO_{name}_FINDINGS={number}\n" for name, number in run.findings.items())
    if code or words[1] != "run":
        return code
    if run.nothing_new:
        return 4
    scans = env("CONVISO_SCANS", words[0].upper()).split()
    problems = [f"{name} did not run" for name in scans if name not in run.findings] + run.problems
    return f"conviso: ERROR: the client says nothing of it, but {problems[0]}" if problems else 3 * run.gate_closed


# The current folder is the private one of the build.
sys.path[:0] = ["packages", "."]
if __name__ == "__main__":
    correct_network()
    own = {"last-deploy": last_deploy, "sort-tags": sort_tags}.get(sys.argv[1])
    sys.exit(own() if own else command(sys.argv[1:]))
