"""Read-only calls to AWS."""

from __future__ import annotations

import json
from threading import Lock
from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import (  # type: ignore[import-untyped]
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's own
    HTTPClientError,
)

from fleet.errors import FleetError

_NOT_LOGGED_IN = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)

LOGIN_HINT = "`aws sts get-caller-identity` tells whether this shell has a login and reaches AWS"

# IAM's actions have the names of the operations, with few exceptions.
_SERVICES_IN_IAM = {"service-quotas": "servicequotas"}
_ACTIONS_IN_IAM = {"s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification"}


class Refused(Exception):  # noqa: N818 - an answer of AWS, not an error of the program
    """AWS answered a question with an error, or a service could not be reached."""

    def __init__(self, action: str, code: str, message: str) -> None:
        super().__init__(f"{action}: {message}")
        self.action = action
        self.code = code

    @property
    def denied(self) -> bool:
        """Whether a permission is missing."""
        return "AccessDenied" in self.code or "NotAuthorized" in self.code or "Unauthorized" in self.code


def action(service: str, operation: str) -> str:
    """The action that IAM asks for, such as `codebuild:BatchGetProjects`, for an operation in boto3's spelling."""
    words = "".join(word.capitalize() for word in operation.split("_"))
    name = f"{_SERVICES_IN_IAM.get(service, service)}:{words}"
    return _ACTIONS_IN_IAM.get(name, name)


class Aws:
    """One region of the account that this shell is logged in to. Repeated calls are answered from memory."""

    def __init__(self, region: str) -> None:
        self.region = region
        self._clients: dict[str, Any] = {}
        self._answers: dict[str, Any] = {}
        self._lock = Lock()

    def ask(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        """Call an operation by boto3's name.

        Raises Refused if AWS answers with an error or the service cannot be reached, and FleetError if this shell has
        no login.
        """
        question = json.dumps([service, operation, parameters], sort_keys=True)
        if question not in self._answers:
            self._answers[question] = self._answer(service, operation, parameters)
        answer = self._answers[question]
        if isinstance(answer, Refused):
            raise answer
        found: dict[str, Any] = answer
        return found

    def find(self, missing: str, service: str, operation: str, **parameters: Any) -> dict[str, Any] | None:
        """Call an operation; returns None if AWS answers with the error code `missing`."""
        try:
            return self.ask(service, operation, **parameters)
        except Refused as error:
            if error.code == missing:
                return None
            raise

    def all(self, service: str, operation: str, key: str, **parameters: Any) -> list[Any]:
        """The list under `key` from all pages, for operations that use `nextToken`."""
        found: list[Any] = []
        page = self.ask(service, operation, **parameters)
        while True:
            found += page.get(key, [])
            token = page.get("nextToken") or page.get("NextToken")
            if not token:
                return found
            name = "nextToken" if "nextToken" in page else "NextToken"
            page = self.ask(service, operation, **{**parameters, name: token})

    def call(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """Call AWS itself."""
        answer: dict[str, Any] = getattr(self.client(service), operation)(**parameters)
        return answer

    def client(self, service: str) -> Any:
        """The service's client, made on first use."""
        with self._lock:
            if service not in self._clients:
                config = Config(retries={"mode": "adaptive", "total_max_attempts": 8})
                self._clients[service] = boto3.client(service, region_name=self.region, config=config)
            return self._clients[service]

    def _answer(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any] | Refused:
        try:
            answer = self.call(service, operation, parameters)
            # A stream can be read only once, but the answer may be needed again.
            return answer | {"Body": answer["Body"].read()} if "Body" in answer else answer
        except ClientError as error:
            code, message = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", str(error))
            if code in _NOT_LOGGED_IN:
                raise FleetError(f"AWS does not accept the login of this shell: {message}") from None
            return Refused(action(service, operation), code, message)
        except (ConnectionError, HTTPClientError) as error:
            return Refused(action(service, operation), "Unreachable", str(error))
        except BotoCoreError as error:
            raise FleetError(f"AWS cannot be asked: {error}\n{LOGIN_HINT}") from None
