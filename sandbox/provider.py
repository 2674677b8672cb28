"""Creates resources: finds the entry of a type, makes its calls, and returns what the real provider would."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sandbox import made, parameters, policy_grammar
from sandbox.resource_table import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sandbox.account import EmulatedAccount
    from sandbox.cloud import Cloud
    from sandbox.resource_entry import Entry

# AWS never sees these, which every type of pulumi-aws 7 takes.
_EVERY_TYPE_TAKES = {"region"}


class Provider:
    """Takes the place of pulumi-aws in one region of one account."""

    def __init__(self, cloud: Cloud, account: EmulatedAccount, default_tags: Mapping[str, str]) -> None:
        self.cloud = cloud
        self._account = account
        self._default_tags = default_tags
        self._role_policies: dict[str, int] = defaultdict(int)
        self._unchecked: dict[str, None] = {}

    def create(
        self, urn: str, type_: str, logical: str, inputs: Mapping[str, Any]
    ) -> tuple[str, str | None, dict[str, Any], list[str]]:
        """Create a resource; return its id, physical name and outputs, and everything that AWS refuses about it."""
        entry = TABLE.get(type_)
        if entry is None:
            problem = "the sandbox does not know this type: add an entry to sandbox/resource_table.py"
            return logical, None, dict(inputs), [problem]
        digest = hashlib.sha256(urn.encode()).hexdigest()[:32]
        properties = made.named(entry, logical, inputs, digest)
        if self._default_tags and self._takes_tags(entry):
            properties["tags"] = {**self._default_tags, **(properties.get("tags") or {})}
        texts = made.texts(self._account, digest)
        problems = list(self._property_problems(type_, entry, properties))
        answer, refusals = self._create(entry, properties, texts)
        problems += refusals
        outputs = made.outputs(entry, properties, answer, texts)
        problems += self._then(entry, outputs, is_made=not problems)
        problems += self._aggregate(type_, outputs)
        physical_name = str(properties[entry.name]) if entry.name else None
        return (
            made.id_of(entry, outputs, texts),
            physical_name,
            outputs,
            list(dict.fromkeys(problems)),
        )

    @property
    def unchecked(self) -> list[str]:
        """The rules of AWS's model that could not be checked, and the properties that no call takes."""
        return [*self.cloud.unchecked, *self._unchecked]

    def _takes_tags(self, entry: Entry) -> bool:
        members = self.cloud.operation(entry.create.service, entry.create.operation).input_shape.members
        return bool({"tags", "Tags"} & members.keys()) or any(call.when == "tags" for call in entry.then)

    def _property_problems(self, type_: str, entry: Entry, properties: Mapping[str, Any]) -> Iterator[str]:
        for name, check in entry.provider_only.items():
            if properties.get(name) is None:
                continue
            if check:
                yield from (f"{name}: {problem}" for problem in check(properties[name]))
            else:
                self._unchecked[f"{name} of {type_}: no call takes it, the provider uses it later"] = None
        for path, sent in entry.sent_for.items():
            given = made.at(properties, sent.property)
            if made.at(properties, path) and given not in sent.values:
                yield (
                    f"{path}: the provider drops it where {sent.property} is {given}, "
                    "so that every preview would show a change"
                )

    def _create(
        self, entry: Entry, properties: dict[str, Any], texts: dict[str, str]
    ) -> tuple[dict[str, Any], list[str]]:
        call = entry.create
        taken = {*entry.provider_only, *_EVERY_TYPE_TAKES}
        for then in entry.then:
            taken |= {then.when, *then.members}
        shape = self.cloud.operation(call.service, call.operation).input_shape
        values, unknown_properties = parameters.for_create(call, shape, properties, texts)
        problems = [f"{name}: the resource has no such property" for name in unknown_properties if name not in taken]
        answer, refusals = self.cloud.call(call.service, call.operation, values)
        return answer, problems + refusals

    def _then(self, entry: Entry, outputs: dict[str, Any], *, is_made: bool) -> Iterator[str]:
        """Make the further calls, or only check them if the resource was refused."""
        for call in entry.then:
            if outputs.get(call.when):
                shape = self.cloud.operation(call.service, call.operation).input_shape
                values = parameters.for_then(call, shape, outputs)
                if is_made:
                    yield from self.cloud.call(call.service, call.operation, values)[1]
                else:
                    yield from self.cloud.check(call.service, call.operation, values)

    def _aggregate(self, type_: str, outputs: dict[str, Any]) -> Iterator[str]:
        """Check the one limit that several resources share."""
        if type_ != "aws:iam/rolePolicy:RolePolicy":
            return
        role = str(outputs.get("role"))
        before = self._role_policies[role]
        self._role_policies[role] += policy_grammar.size(str(outputs.get("policy")))
        limit = policy_grammar.ROLE_POLICIES_CHARACTERS
        if before <= limit < self._role_policies[role]:
            yield f"policy: the inline policies of role {role} have more than {limit} characters together"
