"""Plays the Pulumi engine for a component package: starts the plugin, asks for components, and registers resources."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import grpc  # type: ignore[import-untyped]
from google.protobuf import empty_pb2, json_format, struct_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import (
    engine_pb2_grpc,
    provider_pb2,
    provider_pb2_grpc,
    resource_pb2,
    resource_pb2_grpc,
)

from tests.harness import HERE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ANSWERS = {
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": HERE.account},
    "aws:index/getPartition:getPartition": {"partition": HERE.partition, "dnsSuffix": HERE.dns_suffix},
    "aws:index/getRegion:getRegion": {"region": HERE.region},
}


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """Registers every resource, and returns its inputs as its outputs."""

    def __init__(self) -> None:
        self.inputs: dict[tuple[str, str], dict[str, Any]] = {}
        """The inputs of each resource, by type and name."""
        self.asked: list[str] = []
        """The provider of each data source that was read; empty for the default provider."""

    def GetDeploymentInfo(self, request: Any, context: Any) -> Any:  # noqa: N802, ARG002
        return resource_pb2.DeploymentInfo(
            supportedFeatures=[
                resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
                resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
                resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
            ]
        )

    def RegisterResource(self, request: Any, context: Any) -> Any:  # noqa: N802, ARG002
        self.inputs[request.type, request.name] = json_format.MessageToDict(request.object)
        urn = f"urn:pulumi:dev::shop::{request.type}::{request.name}"
        return resource_pb2.RegisterResourceResponse(urn=urn, id=request.name, object=request.object)

    def RegisterResourceOutputs(self, request: Any, context: Any) -> Any:  # noqa: N802, ARG002
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Any) -> Any:  # noqa: N802, ARG002
        if request.tok == "pulumi:pulumi:getResource":  # the SDK looks up a provider that it was passed
            return _answer({"urn": request.args["urn"], "id": "id", "state": {}})
        self.asked.append(request.provider)
        return _answer(_ANSWERS[request.tok])


class Log(engine_pb2_grpc.EngineServicer):
    """Accepts the log messages of the component."""

    def Log(self, request: Any, context: Any) -> Any:  # noqa: N802, ARG002
        return empty_pb2.Empty()


class Engine:
    """Sends requests to a running plugin."""

    def __init__(self, plugin: Any, monitor: Monitor, address: str) -> None:
        self._plugin = plugin
        self._address = address
        self.monitor = monitor

    def schema(self) -> str:
        """Return what `pulumi package get-schema` prints."""
        return str(self._plugin.GetSchema(provider_pb2.GetSchemaRequest(version=0)).schema)

    def construct(self, type_: str, name: str, inputs: dict[str, Any], **request: Any) -> dict[str, Any]:
        """Create a component in the stack `dev` and return its outputs. Raises grpc.RpcError if the plugin refuses."""
        response = self._plugin.Construct(
            provider_pb2.ConstructRequest(
                project="shop",
                stack="dev",
                type=type_,
                name=name,
                inputs=_struct(inputs),
                monitorEndpoint=self._address,
                **request,
            )
        )
        outputs: dict[str, Any] = json_format.MessageToDict(response.state)
        return outputs


@contextmanager
def started(python: Path, folder: Path) -> Iterator[Engine]:
    """Start the plugin in a folder, as the engine does, and stop it in the end."""
    monitor, server = Monitor(), grpc.server(ThreadPoolExecutor(4))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(monitor, server)
    engine_pb2_grpc.add_EngineServicer_to_server(Log(), server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        with subprocess.Popen([python, folder, address], stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout
                port = process.stdout.readline().strip()
                with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                    yield Engine(provider_pb2_grpc.ResourceProviderStub(channel), monitor, address)
            finally:
                process.kill()
    finally:
        server.stop(None)


def _answer(values: dict[str, Any]) -> Any:
    return resource_pb2.ResourceInvokeResponse(**{"return": _struct(values)})


def _struct(values: dict[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(values)
    return struct
