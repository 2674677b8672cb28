"""Passes a client's calls to moto without HTTP between the two.

moto's own hook takes a call when it is ready to be sent: after botocore has signed it, and with a search through all of
moto's services for the right one. Together these take a quarter of a call's time, and nothing here reads a signature.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from botocore.awsrequest import AWSResponse, create_request_object  # type: ignore[import-untyped]
from botocore.endpoint import convert_to_response_dict  # type: ignore[import-untyped]
from botocore.parsers import create_parser  # type: ignore[import-untyped]
from moto.backends import get_backend, get_service_from_url
from moto.core import responses
from moto.core.botocore_stubber import MockRawResponse
from moto.core.request import normalize_request
from werkzeug.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from botocore.model import OperationModel  # type: ignore[import-untyped]
    from moto.core.common_types import TYPE_RESPONSE

    Handler = Callable[..., TYPE_RESPONSE]


# moto lists the methods of a service's class again for each call, although they never change.
responses.method_names_from_class = cache(responses.method_names_from_class)  # type: ignore[attr-defined]


class _Route(NamedTuple):
    """The handler in moto for calls whose address matches."""

    address: re.Pattern[str]
    handler: Handler


def connect(client: Any) -> None:
    """Let moto answer every call of the client, so that none reaches a network.

    A call raises NotImplementedError if moto lacks its service or operation.
    """
    service = get_service_from_url(client.meta.endpoint_url)
    routes = list(_routes(service)) if service else []
    parser = create_parser(client.meta.service_model.resolved_protocol)

    def answer(model: OperationModel, params: Mapping[str, Any], **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        request = create_request_object(params).prepare()
        response = AWSResponse(request.url, *_answered(request, routes))
        return response, parser.parse(convert_to_response_dict(response, model), model.output_shape)

    # At this event, botocore lets a handler answer instead of the network.
    client.meta.events.register_last("before-call", answer)


def _routes(service: str) -> Iterator[_Route]:
    kind = get_backend(service).backend  # type: ignore[call-overload]
    # Not initialized: the addresses are the class's, and a whole backend would use up random numbers.
    backend = kind.__new__(kind)
    yield from (_Route(re.compile(address), handler) for address, handler in backend.urls.items())


def _answered(request: Any, routes: list[_Route]) -> tuple[int, Mapping[str, Any], MockRawResponse]:
    parts = urlsplit(request.url)
    address = f"{parts.scheme}://{parts.netloc}{parts.path}"
    handler = next((route.handler for route in routes if route.address.match(address)), None)
    if handler is None:
        raise NotImplementedError(f"moto answers nothing at {address}")
    received = normalize_request(request)
    try:
        status, headers, body = handler(received, received.raw_url, received.headers)
    except HTTPException as error:
        return error.code or 500, dict(error.get_headers()), MockRawResponse(error.get_body())
    return status, headers, MockRawResponse(body)
