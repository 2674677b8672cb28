"""Outages of the platform and of Docker, short and long: what a build survives, and what it reports."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ReadTimeout
from urllib3.response import HTTPResponse
from urllib3.util.retry import Retry

from components.buildspec.client.network import retry_requests
from rehearsal.conviso_api import ConvisoApi
from rehearsal.conviso_platform import KEY
from tests.build.scenario import configured, make_history

if TYPE_CHECKING:
    from collections.abc import Callable

    from rehearsal.codebuild import Build
    from tests.build.world import World

SCA: dict[str, Any] = {"review": {"strategy": "none"}, "scans": {"sast": "none", "sca": True}}


def errors(build: Build) -> list[str]:
    """Return the error lines of a build's log."""
    return [line for line in build.output.splitlines() if line.startswith("conviso: ERROR: ")]


@pytest.mark.parametrize("status", [429, 503])
def test_a_read_that_fails_is_tried_again(world: World, status: int) -> None:
    """Without retries, one error for `deploys/last` fails the build with advice about the API key."""
    history = make_history(world, "git-tree")
    world.api.first_answers["GET /api/v3/deploys/last"] = [(status, {})] * 2
    build = world.review(configured(scans={"sast": "none", "sca": False}), event=history.event)
    assert build.succeeded, build.output
    assert world.api.requests.count("GET /api/v3/deploys/last") == 3


def test_a_new_deploy_is_not_sent_again_after_an_ambiguous_answer(world: World) -> None:
    """Without the check of the method, a deploy that succeeds with a bad answer is made up to five times."""
    history = make_history(world, "git-tree")
    world.api.first_answers["POST /api/v3/deploys"] = [(502, {})]
    build = world.review(configured(scans={"sast": "none", "sca": False}), event=history.event)
    assert not build.succeeded
    assert world.api.requests.count("POST /api/v3/deploys") == 1


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        (401, {}, "refuses the API key (401)"),
        (403, {}, "forbids this (403)"),
        (404, {}, "does not know this (404)"),
        (429, {}, "limits the number of requests (429)"),
        (500, {}, "fails (500)"),
        (200, "<!doctype html><html>Sign in</html>", "answers with a web page"),
    ],
)
def test_an_error_of_the_platform_is_reported_in_one_line(world: World, status: int, answer: object, said: str) -> None:
    """Without the correction, each of these ends in a traceback and in advice to check the key."""
    make_history(world, "none")
    world.api.first_answers["GET /auth/sast"] = [(status, answer)] * 99
    build = world.review(configured(**SCA))
    assert not build.succeeded
    (line,) = errors(build)
    assert f"the platform {said}" in line
    assert "Traceback" not in build.output
    assert "<html>" not in build.output


def test_an_answer_that_is_not_json_is_reported_as_such(world: World) -> None:
    """Without the correction, the reason is a `JSONDecodeError` of an unnamed text."""
    history = make_history(world, "git-tree")
    world.api.first_answers["GET /api/v3/deploys/last"] = [(200, "")]
    build = world.review(configured(scans={"sast": "none", "sca": False}), event=history.event)
    assert errors(build) == ["conviso: ERROR: the platform gives an answer that is not JSON: build again later"]


def test_an_answer_that_breaks_off_is_reported_as_such(world: World) -> None:
    """Without the correction, the reason is a `ChunkedEncodingError` that does not name the platform."""
    history = make_history(world, "git-tree")
    handler: Any = world.api.server.RequestHandlerClass

    def breaking_off(self: Any) -> None:
        self.send_response(200)
        self.send_header("content-length", "99")
        self.end_headers()
        self.close_connection = True

    handler.do_GET = breaking_off
    build = world.review(configured(scans={"sast": "none", "sca": False}), event=history.event)
    (line,) = errors(build)
    assert "the platform is out of reach: " in line


def test_the_key_follows_no_redirect_to_another_host(world: World) -> None:
    """Without the check, the key goes to the other port, whose 404 counts as "no deploy yet"."""
    history = make_history(world, "git-tree")
    with ConvisoApi() as elsewhere:
        redirecting(world, "/api/v3/deploys/last", f"{elsewhere.url}/api/v3/deploys/last")
        build = world.review(configured(scans={"sast": "none", "sca": False}), event=history.event)
    assert not build.succeeded
    assert not elsewhere.requests
    assert "redirects to 127.0.0.1:" in errors(build)[0]
    assert not world.api.deploys


def redirecting(world: World, path: str, to: str) -> None:
    """Let the platform redirect the requests for a path."""
    handler: Any = world.api.server.RequestHandlerClass
    answer: Callable[[Any], None] = handler.do_GET

    def redirected(self: Any) -> None:
        if self.path != path:
            answer(self)
            return
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self.send_response(302)
        self.send_header("location", to)
        self.send_header("content-length", "0")
        self.end_headers()

    handler.do_GET = redirected


def test_a_deploy_without_a_number_counts_as_failed(world: World) -> None:
    """Without the check, the 0 that the client prints for the answer `{}` counts as a deploy."""
    history = make_history(world, "git-tree")
    world.api.first_answers["POST /api/v3/deploys"] = [(201, {})]
    build = world.review(configured(scans={"sast": "none", "sca": False}), event=history.event)
    assert not build.succeeded
    assert build.exported["CONVISO_DEPLOY"] == "failed"


def test_an_image_that_cannot_be_pulled_at_once_is_tried_again(world: World) -> None:
    history = make_history(world, "none")
    pull, tried = world.docker.pull, Counter[str]()

    def failing(name: str, tag: str) -> tuple[int, object]:
        tried[name] += 1
        return (500, {"message": "toomanyrequests"}) if tried[name] < 3 else pull(name, tag)

    world.docker.pull = failing  # type: ignore[method-assign]
    build = world.review(configured(**SCA), event=history.event)
    assert build.succeeded, build.output
    assert {finding.title for finding in world.api.findings} == {"CVE-1"}


def test_no_deploy_is_made_before_every_image_is_pulled(world: World) -> None:
    """Without the early pull, the deploy is made and its range is never scanned."""
    history = make_history(world, "git-tree")
    world.docker.unpullable["sastbox_v2"] = 500
    build = world.review(configured(), event=history.event)
    assert not build.succeeded
    assert "an image could not be pulled" in errors(build)[0]
    assert not world.api.deploys
    assert len([image for image in world.docker.pulls if "sastbox_v2" in image]) == 3


def test_scans_use_the_images_that_were_pulled_before_the_deploy(world: World) -> None:
    """Without the correction, a registry that goes down after the deploy fails the scans."""
    world.repository.commit_files({"main.tf": "bucket  # flaw: HIGH open bucket\n"})
    history = make_history(world, "git-tree")
    create, pulled = world.docker.create, []

    def creating(name: str, given: dict[str, Any]) -> tuple[int, object]:
        pulled.append(len(world.docker.pulls))
        return create(name, given)

    world.docker.create = creating  # type: ignore[method-assign]
    build = world.review(configured(scans={"sca": True, "iac": True}), event=history.event)
    assert build.succeeded, build.output
    assert set(pulled) == {5}


def failing_once(world: World, *scanners: str) -> None:
    """Let the engine fail to create the first container of each of these scanners."""
    create, failures = world.docker.create, Counter(scanners)

    def failing(name: str, given: dict[str, Any]) -> tuple[int, object]:
        scanner = given["Image"].rpartition("/")[2].partition(":")[0]
        failures[scanner] -= 1
        return (500, {"message": "no space left on device"}) if failures[scanner] >= 0 else create(name, given)

    world.docker.create = failing  # type: ignore[method-assign]


def test_a_scan_that_fails_because_of_docker_runs_once_more(world: World) -> None:
    """Without the second try, the deploy is made, but this build does not scan its range."""
    history = make_history(world, "git-tree")
    failing_once(world, "sastbox_v2", "osv_scanner")
    build = world.review(configured(), event=history.event)
    assert build.succeeded, build.output
    assert {finding.title for finding in world.api.findings} == {"weak hash", "CVE-1"}


def test_a_scan_of_conviso_ast_that_fails_because_of_docker_runs_once_more_alone(world: World) -> None:
    """Without the second try, the platform takes the commit for scanned although it is not."""
    history = make_history(world, "none")
    failing_once(world, "osv_scanner")
    settings = configured(review={"strategy": "none"}, client={"package": "conviso-ast"})
    build = world.review(settings, event=history.event)
    assert build.succeeded, build.output
    assert sorted(finding.title for finding in world.api.findings) == ["CVE-1", "sql injection", "weak hash"]


def test_a_deploy_without_a_count_of_lines_prints_no_traceback(world: World) -> None:
    """Without the correction, the client prints 80 lines of a traceback before a deploy that succeeds."""
    history = make_history(world, "git-tree")
    failing_once(world, "scc")
    build = world.review(configured(), event=history.event)
    assert build.succeeded, build.output
    assert "Error on fetch project metrics" in build.output
    assert "Traceback" not in build.output


def test_a_killed_scanner_is_reported_in_one_line_and_not_run_again(world: World) -> None:
    """Without the correction, a long traceback hides the reason."""
    history = make_history(world, "git-tree")
    world.docker.killed.add("sastbox_v2")
    build = world.review(configured(), event=history.event)
    (line,) = errors(build)
    assert "SAST (killed, most likely out of memory: choose a larger environment.computeType)" in line
    assert "Traceback" not in build.output
    assert len(world.docker.ran("sastbox_v2")) == 1


def test_a_build_waits_for_an_engine_that_the_image_starts(world: World) -> None:
    """Without the full wait, the build gives up as soon as its own dockerd ends."""
    history = make_history(world, "none")
    world.docker.stop()
    world.command("dockerd", "#!/bin/bash\nexit 1\n")
    probes, docker = world.folder / "probes", (world.command_folder / "docker").read_text()
    world.command("engine", docker)
    start = f"[ $(wc -l <{probes}) != 15 ] || mv {world.docker.asleep} {world.docker.socket}"
    world.command("docker", f'#!/bin/bash\necho probe >>{probes}\n{start}\nexec {world.command_folder}/engine "$@"\n')
    build = world.review(configured(**SCA), event=history.event)
    assert build.succeeded, build.output


@pytest.mark.parametrize(("drops", "said"), [(2, []), (99, ["the platform is out of reach: "])])
def test_a_dropped_connection_is_retried_a_few_times(world: World, drops: int, said: list[str]) -> None:
    """Without retries, one dropped connection fails the build with a traceback."""
    make_history(world, "none")
    handler: Any = world.api.server.RequestHandlerClass
    answer: Callable[[Any], None] = handler.do_GET
    dropped: list[str] = []

    def dropping(self: Any) -> None:
        if self.path != "/auth/sast" or len(dropped) == drops:
            answer(self)
        else:
            dropped.append(self.path)
            self.close_connection = True

    handler.do_GET = dropping
    build = world.review(configured(**SCA))
    assert build.succeeded == (not said), build.output
    assert [line for line in errors(build) if any(part in line for part in said)] == errors(build)
    assert len(errors(build)) == len(said)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Return a run for `be_patient`, whose changes to the HTTP libraries are undone after the test."""
    monkeypatch.setattr(Retry, "get_retry_after", Retry.get_retry_after)
    monkeypatch.setattr(HTTPAdapter, "send", HTTPAdapter.send)
    monkeypatch.setattr(requests.Response, "json", requests.Response.json)
    return SimpleNamespace(trouble="", passes=False)


def test_every_request_to_the_platform_has_a_timeout(run: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the timeout, a platform that does not answer blocks the build: the client sets no timeout."""
    waited: list[object] = []

    def never(*_: object, **options: object) -> None:
        waited.append(options["timeout"])
        raise ReadTimeout("Read timed out. (read timeout=60)")

    monkeypatch.setattr(HTTPAdapter, "send", never)
    retry_requests(run)
    with pytest.raises(ReadTimeout):
        requests.get("https://conviso.example/auth/sast", headers={"x-api-key": KEY}, timeout=None)
    assert waited == [(15, 60)]
    assert run.platform_error == "the platform does not answer in time: build again later"


def test_a_platform_that_asks_for_a_day_is_given_a_minute(run: SimpleNamespace) -> None:
    """Without the bound, a `Retry-After` held the build up to its own timeout."""
    retry_requests(run)
    assert Retry().get_retry_after(HTTPResponse(headers={"Retry-After": "86400"})) == 60


def test_a_full_disk_hides_no_reason(world: World) -> None:
    """Without the guard, a traceback that cannot be written replaces the reason, and memory is blamed."""
    history = make_history(world, "git-tree")
    full = 'folder=$(/usr/bin/mktemp "$@") && ln -s /dev/full "$folder/traceback.log" && echo "$folder"'
    world.command("mktemp", f"#!/bin/bash\n{full}\n")
    world.docker.killed.add("sastbox_v2")
    world.docker.broken.add("osv_scanner")
    build = world.review(configured(), event=history.event)
    assert "SCA (osv_scanner left no report and ended with" in build.output
    assert "Traceback" not in build.output
