"""Timeouts, retries and errors of the client's requests to the platform."""

from __future__ import annotations

from importlib import import_module as load
from typing import Any
from urllib.parse import urljoin

ADVICE = {
    401: "refuses the API key (401): put a valid one into the secret",
    403: "forbids this (403): give the key's user access to the company and project",
    404: "does not know this (404): check projectKey and platform.apiUrl",
    429: "has too many requests (429): build again later",
}


def be_patient(run: Any) -> None:
    """Add timeouts and retries to the client's requests, which have none.

    Requests that only read are tried five times. A redirect to another host is an error, because the key would follow
    it. Requests without the key, such as those to Docker, stay as they are: their answers may take long.
    """
    adapter, retry = load("requests.adapters").HTTPAdapter, load("urllib3").Retry
    send, pause = adapter.send, retry.get_retry_after
    retry.get_retry_after = lambda self, answer: min(pause(self, answer) or 0, 60)

    def note(trouble: str, *, passes: bool = False) -> None:
        run.trouble, run.passes = f"the platform {trouble}", passes

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
        except OSError as error:  # the base class of all errors of requests
            late = "timed out" in str(error)
            note("does not answer in time: build again later" if late else f"is out of reach: {error}", passes=True)
            raise
        code, to = answer.status_code, urljoin(request.url, answer.headers.get("location"))
        if answer.is_redirect and to.split("/")[:3] != request.url.split("/")[:3]:
            note(f"redirects to {to.split('/')[2]}, where the key must not go: check platform.apiUrl")
            raise OSError(run.trouble)
        is_page = answer.text.lstrip()[:1] == "<"
        if is_page:
            answer._content = b""  # noqa: SLF001 - the client would print it
        if code >= 500:
            note(f"fails ({code}): build again later", passes=True)
        elif code >= 400:
            note(ADVICE.get(code, f"does not take the request ({code})"), passes=code == 429)
        elif is_page:
            note("answers with a web page: check platform.apiUrl and the proxy")
            raise OSError(run.trouble)
        else:
            run.trouble = ""
        return answer

    adapter.send = patient
