"""Timeouts, retries and error messages for the client's requests to the platform."""

from __future__ import annotations

from importlib import import_module as load
from typing import Any
from urllib.parse import urljoin

ADVICE = {
    401: "refuses the API key (401): put a valid one into the secret",
    403: "forbids this (403): give the key's user access to the company and project",
    404: "does not know this (404): check projectKey and platform.apiUrl",
    429: "limits the number of requests (429): build again later",
}


def retry_requests(run: Any) -> None:
    """Set timeouts and retry requests to the platform, which the client does not do.

    A request that only reads is tried five times. A redirect to another host is an error, because the key would be
    sent there. Requests without a key, such as Docker's long ones, stay as they are.
    """
    adapter, retry = load("requests.adapters").HTTPAdapter, load("urllib3").Retry
    send, pause = adapter.send, retry.get_retry_after
    retry.get_retry_after = lambda self, answer: min(pause(self, answer) or 0, 60)

    def note(error: str, *, transient: bool = False) -> None:
        run.platform_error, run.is_transient = f"the platform {error}", transient

    def patient(self: Any, request: Any, **options: Any) -> Any:
        if "x-api-key" not in request.headers:
            return send(self, request, **options)
        reads = request.method == "GET" or (request.url.endswith("/graphql") and "mutation" not in str(request.body))
        self.max_retries = retry(
            4,
            allowed_methods=None if reads else ["GET"],
            status_forcelist=[429, *range(500, 505)],
            backoff_factor=2,
            raise_on_status=False,
        )
        options["timeout"] = options.get("timeout") or (15, 60 if reads else 300)
        try:
            answer = send(self, request, **options)
            is_page = answer.text.lstrip()[:1] == "<"
        except OSError as error:  # the base class of all errors of requests
            late = "timed out" in str(error)
            note("does not answer in time: build again later" if late else f"is out of reach: {error}", transient=True)
            raise
        code, to = answer.status_code, urljoin(request.url, answer.headers.get("location"))
        if answer.is_redirect and to.split("/")[:3] != request.url.split("/")[:3]:
            host = to.split("/")[2]
            note(f"redirects to {host}, where the key must not go: check platform.apiUrl")
            raise OSError(run.platform_error)
        if is_page:
            answer._content = b""  # noqa: SLF001 - the client would print it
        if code >= 500:
            note(f"fails ({code}): build again later", transient=True)
        elif code >= 400:
            note(ADVICE.get(code, f"rejects the request ({code})"), transient=code == 429)
        elif is_page:
            note("answers with a web page: check platform.apiUrl and the proxy")
            raise OSError(run.platform_error)
        else:
            run.platform_error = ""
        return answer

    adapter.send = patient
    notice_bad_json(run, note)


def notice_bad_json(run: Any, note: Any) -> None:
    """Note that an answer of the platform is not JSON, unless an error explains it already."""
    response = load("requests").Response
    parse = response.json

    def parsed(self: Any, **options: Any) -> Any:
        try:
            return parse(self, **options)
        except ValueError:
            if "x-api-key" in self.request.headers and not run.platform_error:
                note("gives an answer that is not JSON: build again later", transient=True)
            raise

    response.json = parsed
