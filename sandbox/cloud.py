"""The in-memory AWS: one boto3 client for each service, which moto answers, and a check before every call."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING, Any, Self

import boto3  # type: ignore[import-untyped]
from botocore import xform_name  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]
from moto import mock_aws
from moto.moto_api._internal import mock_random

from sandbox import emulator, limits
from sandbox.model import ModelChecker

if TYPE_CHECKING:
    from types import TracebackType

    from botocore.model import OperationModel  # type: ignore[import-untyped]

# The checks in this module find more than botocore's, and repeating a call to moto never helps. With a user agent, a
# client does not compose one for each call.
_CLIENT_CONFIG = Config(parameter_validation=False, retries={"total_max_attempts": 1}, user_agent="sandbox")

# These refusals show what moto lacks, not what AWS refuses, because AWS's model has accepted the call before. moto's
# lists of choices are older than AWS's, and lack GitLab and some machines. It refuses projects whose names begin with
# a digit or have 150 characters. It ignores the conditions of a bucket's policy, so a policy that refuses requests
# without TLS refuses all requests.
_GAPS_OF_MOTO = {
    "codebuild.CreateProject": (
        (
            "Invalid type provided",
            "Invalid compute type provided",
            "Only alphanumeric characters, dash, and underscore",
        ),
        "with a value that moto does not know",
    ),
    "s3.PutObject": (("Forbidden",), "into a bucket whose policy has a condition"),
}


class Cloud:
    """An AWS account in one region, which is empty at first and discarded at the end."""

    def __init__(self, region: str) -> None:
        self.seconds = 0.0
        self.not_emulated: dict[str, int] = {}
        self._checker = ModelChecker()
        self._mock = mock_aws()
        self._region = region

    def __enter__(self) -> Self:
        self._mock.start()
        mock_random.seed(0)  # so that identifiers are the same in every run
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._mock.stop()

    @property
    def unchecked(self) -> list[str]:
        """The rules of AWS's model that could not be checked."""
        return list(self._checker.unchecked)

    def operation(self, service: str, operation: str) -> OperationModel:
        """Return the description of the call in AWS's model."""
        return self._client(service).meta.service_model.operation_model(operation)

    def check(self, service: str, operation: str, parameters: dict[str, Any]) -> list[str]:
        """Return what AWS would refuse about a call, without making it."""
        problems = list(self._checker.problems(self.operation(service, operation).input_shape, parameters))
        return problems + list(limits.problems(f"{service}.{operation}", parameters, already=problems))

    def call(self, service: str, operation: str, parameters: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """Check and make the call; return AWS's answer, and what AWS refuses about the call."""
        started = time.perf_counter()
        try:
            problems = self.check(service, operation, parameters)
            return ({}, problems) if problems else self._call(service, operation, parameters)
        finally:
            self.seconds += time.perf_counter() - started

    def _call(self, service: str, operation: str, parameters: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        name = f"{service}.{operation}"
        method = getattr(self._client(service), xform_name(operation))
        try:
            return method(**parameters), []
        except NotImplementedError:
            self._count_not_emulated(name)
            return {}, []
        except ClientError as error:
            message = error.response["Error"].get("Message") or str(error)
            beginnings, gap = _GAPS_OF_MOTO.get(name, ((), ""))
            if message.startswith(beginnings):
                self._count_not_emulated(f"{name} {gap}")
                return {}, []
            return {}, [f"{operation}: {message}"]
        except BotoCoreError as error:
            return {}, [f"{operation}: {error}"]

    def _count_not_emulated(self, what: str) -> None:
        self.not_emulated[what] = self.not_emulated.get(what, 0) + 1

    def _client(self, service: str) -> Any:
        return _client(self._region, service)


@cache
def _session(region: str) -> boto3.Session:
    # Without these invented credentials, boto3 would look for the user's own.
    return boto3.Session("sandbox", "sandbox", region_name=region)


@cache
def _client(region: str, service: str) -> Any:
    """Return a client, which later runs use again: creating one takes long, and it keeps nothing of an account."""
    client = _session(region).client(service, config=_CLIENT_CONFIG)
    emulator.connect(client)
    return client
