"""A provider plugin that replaces `aws`, based on the sandbox's resource table.

The engine runs `python -m tests.engine.plugin`; ACCOUNT names the folder of the account.
"""

from __future__ import annotations

import os
import sys
import uuid
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format, struct_pb2  # type: ignore[import-untyped]
from pulumi.provider.experimental import provider
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.provider.experimental.server import main
from pulumi.runtime.rpc import UNKNOWN

from sandbox import made
from sandbox.account import DEFAULT_REGION, EmulatedAccount
from sandbox.resource_table import TABLE
from tests.engine.account import Account

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCOUNT = "TEST_ACCOUNT"
"""The environment variable that names the account's folder."""


class Aws(provider.Provider):
    """Creates, updates and deletes resources in the account, and refuses to create one that exists."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._place = EmulatedAccount(DEFAULT_REGION)

    async def configure(self, request: provider.ConfigureRequest) -> provider.ConfigureResponse:
        region = _plain(request.args).get("region", DEFAULT_REGION)
        self._place = EmulatedAccount(region)
        # Without secrets in the plugin, the engine tracks them: an output is secret if the input of that name is.
        return provider.ConfigureResponse(accept_secrets=False, supports_preview=True)

    async def invoke(self, request: provider.InvokeRequest) -> provider.InvokeResponse:
        answer = self._place.invoke(request.tok)
        if answer is None:
            raise LookupError(f"sandbox/account.py has no answer for the data source {request.tok}")
        return provider.InvokeResponse(return_value=_values(answer))

    async def check(self, request: provider.CheckRequest) -> provider.CheckResponse:
        """Generate a name if none is given, as every bridged provider does, with a suffix from the random seed."""
        inputs, old_inputs = _plain(request.new_inputs), _plain(request.old_inputs)
        name = TABLE[_type(request)].name
        if name and not inputs.get(name) and not inputs.get(f"{name}Prefix"):
            inputs[name] = old_inputs.get(name, f"{request.name}-{request.random_seed.hex()[:7]}")
        return provider.CheckResponse(inputs=_values(inputs))

    async def diff(self, request: provider.DiffRequest) -> provider.DiffResponse:
        found = self._account.find(_type(request), request.resource_id)
        olds = found["inputs"] if found else _plain(request.old_state)
        news = _plain(request.new_inputs)
        changed = sorted(name for name in olds.keys() | news.keys() if olds.get(name) != news.get(name))
        entry = TABLE[_type(request)]
        return provider.DiffResponse(
            changes=bool(changed),
            diffs=changed,
            replaces=[name for name in changed if entry.is_replaced_on_change_of(name)],
        )

    async def create(self, request: provider.CreateRequest) -> provider.CreateResponse:
        entry, inputs = TABLE[_type(request)], _plain(request.properties)
        if request.preview:
            unknown = dict.fromkeys([*entry.outputs, *([entry.name] if entry.name else [])], UNKNOWN)
            return provider.CreateResponse(properties=_values({**unknown, **inputs}))
        if self._account.refuses(_type(request)):
            raise RuntimeError(f"AccessDenied: {_type(request)} may not be created")
        digest = uuid.uuid4().hex
        words = made.texts(self._place, digest)
        outputs = made.outputs(entry, made.named(entry, request.name, inputs, digest), {}, words)
        id_ = made.id_of(entry, outputs, words)
        if self._account.find(_type(request), id_):
            raise RuntimeError(f"AlreadyExists: {_type(request)} {id_}")
        self._account.keep(_type(request), id_, inputs, outputs)
        return provider.CreateResponse(id_, _values(outputs))

    async def read(self, request: provider.ReadRequest) -> provider.ReadResponse:
        found = self._account.find(_type(request), request.resource_id)
        if found is None:
            return provider.ReadResponse(resource_id="")
        return provider.ReadResponse(request.resource_id, _values(found["outputs"]), _values(found["inputs"]))

    async def update(self, request: provider.UpdateRequest) -> provider.UpdateResponse:
        news, olds = _plain(request.news), _plain(request.olds)
        found = self._account.find(_type(request), request.resource_id)
        if found is None:
            raise RuntimeError(f"NotFound: {_type(request)} {request.resource_id}")
        decided = {name: value for name, value in olds.items() if name not in found["inputs"]}
        outputs = {**decided, **news, **({"tagsAll": news["tags"]} if "tags" in news else {})}
        if not request.preview:
            self._account.keep(_type(request), request.resource_id, news, outputs)
        return provider.UpdateResponse(_values(outputs))

    async def delete(self, request: provider.DeleteRequest) -> None:
        self._account.remove(_type(request), request.resource_id)


def _type(request: Any) -> str:
    """Return the resource's own type, without the parents' types that the SDK puts in front of it."""
    return str(request.type).rsplit("$", 1)[-1]


def _plain(values: Mapping[str, PropertyValue]) -> dict[str, Any]:
    plain: dict[str, Any] = json_format.MessageToDict(PropertyValue.marshal_map(dict(values)))
    return {name: value for name, value in plain.items() if value is not None}


def _values(plain: Mapping[str, Any]) -> dict[str, PropertyValue]:
    struct = struct_pb2.Struct()
    struct.update(plain)
    return PropertyValue.unmarshal_map(struct)


if __name__ == "__main__":
    main(sys.argv[1:], metadata.version("pulumi-aws"), Aws(Account(Path(os.environ[ACCOUNT]))))
