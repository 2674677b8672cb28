"""The in-memory AWS: one boto3 client per service against moto, and a check before every call."""

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

# Our own check sees more than botocore's, and a refusal of the in-memory AWS is final. A client that is given a user
# agent does not compose one for each call.
_CLIENT_CONFIG = Config(parameter_validation=False, retries={"total_max_attempts": 1}, user_agent="sandbox")

# These refusals of what AWS's model has just passed say what moto can't do, not what AWS would refuse. moto keeps lists
# of choices of its own, older than AWS's: GitLab and some machines are missing. It refuses a project's name that begins
# with a digit or has 150 characters. And it reads no condition of a bucket's policy, so that one which refuses requests
# without TLS refuses all of them.
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
    """An AWS account in one region that starts empty and is forgotten at the end."""

    def __init__(self, region: str) -> None:
        self.seconds = 0.0
        self.not_emulated: dict[str, int] = {}
        self._checker = ModelChecker()
        self._mock = mock_aws()
        self._region = region

    def __enter__(self) -> Self:
        self._mock.start()
        mock_random.seed(0)  # the same identifiers in every run
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._mock.stop()

    @property
    def unchecked(self) -> list[str]:
        """What AWS's model has, but could not be used as a check."""
        return list(self._checker.unchecked)

    def operation(self, service: str, operation: str) -> OperationModel:
        """Return AWS's own description of the call."""
        return self._client(service).meta.service_model.operation_model(operation)

    def check(self, service: str, operation: str, parameters: dict[str, Any]) -> list[str]:
        """Return what AWS refuses about a call that is not made."""
        problems = list(self._checker.problems(self.operation(service, operation).input_shape, parameters))
        return problems + list(limits.problems(f"{service}.{operation}", parameters, already=problems))

    def call(self, service: str, operation: str, parameters: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """Check and make the call; return AWS's answer and what it refuses."""
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
    # Made-up credentials: without them boto3 would look for the user's own.
    return boto3.Session("sandbox", "sandbox", region_name=region)


@cache
def _client(region: str, service: str) -> Any:
    """A client is expensive to make and holds nothing of an account: later runs use it again."""
    client = _session(region).client(service, config=_CLIENT_CONFIG)
    emulator.connect(client)
    return client
