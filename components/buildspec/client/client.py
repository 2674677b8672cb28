"""Run the pinned Conviso client, and fail where it would report success without having done its work.

Each `correct_` function says what it corrects. They change the client's internals, which is safe because its version
is pinned by hash and the tests of this project run the real client. Three commands are added: `last-deploy`, `pull` and
`sort-tags`.

Exit code 1 means that the platform or Docker failed, so another try may help; 2 that it would not; 4 that the platform
already knows the commit, so nothing was scanned. The file `why` then has the reason in one line, `state` what was done.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import traceback
from contextlib import suppress
from importlib import import_module as load
from pathlib import Path
from types import SimpleNamespace
from typing import Any

SCANNERS = {"osv_scanner": "SCA", "iac_scanner_checkov": "IAC"}
env = os.environ.get
run = SimpleNamespace(
    findings={}, done=[], problems=[], platform_error="", is_transient=False, gate=None, page=None, is_known=False
)
"""The results of this run: findings by scan, finished scans, logged errors, the error of the platform, and so on."""


def lib(name: str) -> Any:
    """Import a module of the client."""
    return load(f"convisoappsec.{name}")


def note_page(company: Any, kind: str, number: Any) -> None:
    """Remember the page of the platform that shows the results."""
    with suppress(TypeError, ValueError):
        run.page = f"scopes/{int(company)}/{kind}/{int(number)}"


def correct_network() -> None:
    """Bound the requests to the platform, retry them, and never send the key to another host: see network.py."""
    load("network").retry_requests(run)


def correct_log() -> None:
    """Remember the errors that the client only logs. Print no tracebacks, which `main` writes into a file."""
    log = lib("logger").LOGGER
    error = log.exception = log.error

    def remembered(message: Any, *args: Any, **kwargs: Any) -> None:
        run.problems.append(str(message))
        error(message, *args, **kwargs)

    log.error = remembered
    traceback.print_exc = lambda *_, **__: None


def correct_yaml() -> None:
    """Keep rules files and reports of scanners from creating Python objects, and so from running code."""
    yaml: Any = load("yaml")
    yaml.Loader = yaml.FullLoader = yaml.SafeLoader


def correct_git() -> None:
    """Keep the client from fetching all remotes before each command, and set the asset's name if there is one."""
    adapter = lib("flow.version_control_system_adapter").GitAdapter
    adapter.__init__.__defaults__ = (".", False, False)
    name = env("CONVISO_ASSET_NAME")
    if name:
        lib("common.git_data_parser").GitDataParser.parse_name = lambda _: name


def correct_tags() -> None:
    """Make the tag trackers of conviso-flowcli use the pair of versions that the build chose."""
    if env("CONVISO_CURRENT_TAG"):
        searchers = lib("flow.version_searchers")
        names = ("current_tag", "previous_tag", "current_commit", "previous_commit")
        pair = {name: env(f"CONVISO_{name.upper()}") or None for name in names}
        for searcher in (searchers.TimeBasedVersionSearcher, searchers.SortedByVersioningStyle):
            searcher.find_current_and_previous_version = lambda _: searchers.VersionSearcherResult(**pair)


def correct_page() -> None:
    """Remember the project's page on the platform when the client looks the project up."""
    try:
        projects: Any = lib("flowcli.projects.ls").Projects
    except ImportError:  # conviso-ast has none
        return
    find = projects.ls

    def noted(*args: Any, **kwargs: Any) -> Any:
        found = find(*args, **kwargs)
        if found:
            note_page(found[0]["company"]["id"], "projects", found[0]["id"])
        return found

    projects.ls = noted


def correct_pull() -> None:
    """Scan with the images that `pull` has brought. The client would pull them again, and fail if a registry does."""
    api: Any = load("docker.api.image").ImageApiMixin
    pull = api.pull

    def once(self: Any, repository: str, tag: str, **kwargs: Any) -> Any:
        with suppress(load("docker.errors").ImageNotFound):
            self.inspect_image(f"{repository}:{tag}")
            return []
        return pull(self, repository, tag=tag, **kwargs)

    api.pull = once


def correct_docker() -> None:
    """Check how each scanner ended. The client ignores exit codes, and exceptions in the threads of its scanners.

    Nothing is inferred from a log: the client's own state machine says how far a scanner came, the Docker engine says
    how its container ended, and a report exists only if the scanner wrote one. The check fails at once, so that
    conviso-ast does not close the findings of a scanner that died.
    """
    container, box = load("docker.models.containers").Container, lib("common.box")
    wait, start, run_all = container.wait, box.ScannerEntity.start, box.ContainerWrapper.run

    def waited(self: Any, **kwargs: Any) -> Any:
        ended = wait(self, **kwargs)
        self.reload()
        if ended["StatusCode"] == 137 or self.attrs["State"].get("OOMKilled"):
            raise RuntimeError("killed, most likely out of memory: choose a larger environment.computeType")
        return ended

    def started(self: Any) -> None:
        try:
            start(self)
        except Exception as error:  # noqa: BLE001 - `checked` raises it in the client's own thread
            self.problem = error

    def checked(self: Any) -> None:
        known = len(run.problems)
        run_all(self)
        for unit in self.scanners:
            judge(unit, run.problems[known:])

    container.wait, box.ScannerEntity.start, box.ContainerWrapper.run = waited, started, checked


def judge(unit: Any, problems: list[str]) -> None:
    """Fail for a scanner that did not finish, and count the findings of one that did."""
    scanner, name = unit.scanner, unit.scanner.repository_name
    if unit.state != "done":
        problem = getattr(unit, "problem", None)
        raise RuntimeError(f"{name} got no further than {unit.state}: {problem}") from problem
    code = scanner.docker.containers.get(scanner.name).wait()["StatusCode"]
    # osv-scanner ends with 128 if the repository has no packages.
    if not unit.results and code not in (0, 128):
        raise RuntimeError(f"{name} left no report and ended with {code}")
    if problems:
        raise load("docker.errors").DockerException(f"{name} may not have seen the source: {problems[0]}")
    if name in SCANNERS:
        run.findings[SCANNERS[name]] = count(unit.results) if unit.results else 0


def correct_sast() -> None:
    """Count SAST as done only if there is a report, and close the gate without ending the command.

    The client takes the container's exit code 1 for success, although a command that fails in it has the same code.
    """
    sast: Any = lib("flowcli.sast.run")
    find = sast.find_blocked_issues

    def noted(results: list[str], overall: Any, *_: Any) -> list[Any]:
        if not results:
            raise RuntimeError("SAST left no report")
        run.findings["SAST"] = sum(map(count, results))
        least = int(env("CONVISO_FAIL_ON_COUNT", "1"))
        blocked = find(results, overall, least, env("CONVISO_FAIL_ON_SEVERITY"))
        sast.print_blocked_issues(blocked)
        run.gate = "closed" if blocked else None
        return []

    sast.find_blocked_issues = noted


def count(report: str) -> int:
    """Count the findings in a scanner's report."""
    content = json.loads(Path(report).read_text())
    if "issues" in content:
        return len(content["issues"])
    return sum(len(part.get("results", [])) for part in content["runs"])


def platform() -> Any:
    """The client's own API of the platform, for requests that none of its commands makes."""
    correct_network()
    api = lib("flow.api")
    return api.RESTClient(env("FLOW_API_URL") or api.DEFAULT_API_URL, os.environ["FLOW_API_KEY"])


def last_deploy() -> None:
    """Print the number, the commit (or else the tag) and the previous commit of the project's last deploy, if any.

    The request is that of `deploy create with values`. A value that the platform does not return is printed as `-`.
    """
    with suppress(lib("flow.api").DeployNotFoundException):
        deploy = platform().deploys.get_latest(os.environ["FLOW_PROJECT_CODE"]).get
        values = (deploy("id"), deploy("current_commit") or deploy("current_tag"), deploy("previous_commit"))
        sys.stdout.write(" ".join(str(value or "-") for value in values))


def pull(*wanted: str) -> None:
    """Log in and pull images, even if a cache has older ones. Images without a registry are those of the scanners."""
    docker, registry = load("docker"), lib("sast.sastbox").SASTBox.REGISTRY
    engine = docker.from_env()
    if any("/" not in image for image in wanted):
        token = platform().docker_registry.get_sast_token()
        engine.login("AWS", token, registry=registry, reauth=True)
    for image in dict.fromkeys(wanted):
        name, _, tag = (image if "/" in image else f"{registry}/{image}").rpartition(":")
        print(f"conviso: pulling {name}:{tag}", flush=True)  # noqa: T201 - the build's log
        for line in engine.api.pull(name, tag=tag, stream=True, decode=True):
            if error := line.get("error"):
                raise docker.errors.DockerException(f"{name}: {error}")


def sort_tags() -> None:
    """Sort lines of "commit tag" by semantic version, the highest first. Tags that are not versions are dropped.

    The prefix is ignored, and so is one `v` after it. As in the client, pre-releases count and precede their release.
    """
    version = load("semantic_version").Version
    prefix = len(env("CONVISO_TAG_PREFIX", ""))
    found: list[tuple[Any, str]] = []
    for line in sys.stdin:
        with suppress(ValueError):
            found.append((version(line.split()[1][prefix:].removeprefix("v")).precedence_key, line))
    sys.stdout.writelines(line for _, line in sorted(found, reverse=True))


def command(*words: str) -> int:
    """Run a command of the client, and fail for a scan that did not produce what it should."""
    entry = lib("flowcli.entrypoint")
    for name, correct in list(globals().items()):
        if name.startswith("correct_"):
            correct()
    if Path("corrections.py").exists():
        load("corrections").apply(run, note_page)
    if Path("unsent.py").exists():
        words = load("unsent").keep_results(words)
    try:
        ended = entry.cli(args=list(words), prog_name="conviso", standalone_mode=False)
    finally:
        # The reports are in the source, where the next scanner would scan them.
        if reports := lib("common.docker").SCSCommon.TEMPDIR:
            shutil.rmtree(reports)
    if isinstance(ended, int) and ended:
        raise RuntimeError(f"the client ended with {ended}")
    if words[1] == "run":
        if run.is_known:
            return 4
        scans = env("CONVISO_SCANS", words[0].upper()).split()
        problems = [f"{name} did not run" for name in scans if name not in run.findings] + run.problems
        if problems:
            raise RuntimeError(f"the client reports success, but {problems[0]}")
        run.done += scans
    return 0


def is_external(error: BaseException | None) -> bool:
    """Whether Docker or the network caused the error."""
    while error:
        if type(error).__module__.startswith(("docker.", "requests.", "urllib3.")):
            return True
        error = error.__cause__ or error.__context__
    return False


def main(name: str, *words: str) -> int:
    """Run a command, and write its results and the reason of a failure into files."""
    own: dict[str, Any] = {"last-deploy": last_deploy, "pull": pull, "sort-tags": sort_tags}
    try:
        return (own[name](*words) if name in own else command(name, *words)) or 0
    except (Exception, SystemExit) as error:  # noqa: BLE001 - every failure gets its line in `why`
        last = f"{type(error).__name__}: {error}".removeprefix("RuntimeError: ")
        with suppress(OSError):  # The disk may be full.
            Path("why").write_text(" ".join((run.platform_error or getattr(error, "message", last)).split())[:400])
            with Path("traceback.log").open("a") as log:
                traceback.print_exception(*sys.exc_info(), file=log)
        return 1 if (run.is_transient if run.platform_error else is_external(error)) else 2
    finally:
        values = {f"{scan}_FINDINGS": number for scan, number in run.findings.items()}
        values |= {**dict.fromkeys(run.done, "done"), "GATE": run.gate, "PAGE": run.page}
        with suppress(OSError), Path("state").open("a") as state:
            state.writelines(f"export CONVISO_{name}={value}\n" for name, value in values.items() if value is not None)


# The current folder is the build's private one.
sys.path[:0] = ["packages", "."]
if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
