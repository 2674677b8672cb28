"""Runs a program in the in-memory AWS, and collects the result."""

from __future__ import annotations

import json
import runpy
import sys
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pulumi

from sandbox import engine, isolation, product, stack_file
from sandbox.account import ACCOUNT, DEFAULT_REGION, EmulatedAccount, check_region
from sandbox.graph import MASK, Refusal, Resource, Result, SandboxError, Secret, masked, reveal
from sandbox.text import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sandbox.provider import Provider
    from sandbox.stack_file import EngineConfig

_SHORTEST_MASKED = 4  # masking a secret of one letter would make every message unreadable


def run(
    project_dir: Path,
    stack: str,
    config: Mapping[str, Any] | None = None,
    *,
    program: Callable[[], object] | None = None,
    stack_outputs: Mapping[str, Mapping[str, Any]] | None = None,
) -> Result:
    """Run a stack and return its graph.

    Args:
        project_dir: The folder of `Pulumi.yaml` and `__main__.py`.
        stack: The stack's name.
        config: Values in place of the stack file's `config:` map; by default, `Pulumi.<stack>.yaml` is read.
        program: A function to run instead of `__main__.py`.
        stack_outputs: The outputs of other stacks, by full stack name; by default, placeholders.

    Raises:
        SandboxError: The configuration is wrong, and nothing was created.

    """
    started = time.perf_counter()
    given = (
        stack_file.load(project_dir, stack) if config is None else stack_file.from_values(project_dir, stack, config)
    )
    read = time.perf_counter()
    settings, notes = _completed(given)
    region = settings.get("aws:region") or DEFAULT_REGION
    check_region(region)
    result = Result(project=settings.project, stack=stack, region=region, account=ACCOUNT, notes=notes)
    with ExitStack() as contexts:
        contexts.enter_context(isolation.isolated_environment())
        host = _Host(result, settings, contexts, stack_outputs or {})
        if program is None:
            contexts.enter_context(_importable(project_dir))
        try:
            engine.run(
                program or (lambda: runpy.run_path(str(project_dir / "__main__.py"), run_name="__main__")),
                settings,
                host,
            )
        except pulumi.RunError as error:
            message = host.without_secrets(str(error))
            if not result.resources:
                raise SandboxError("\n".join([message, *_encrypted_fields(settings)])) from None
            result.problems.append(Refusal(urn="", type="", name="", message=message))
        host.finish()
    total = time.perf_counter() - started
    result.timings = {
        "configuration": read - started,
        "program": total - (read - started) - host.aws_seconds,
        "AWS calls": host.aws_seconds,
        "total": total,
    }
    return result


@contextmanager
def _importable(project_dir: Path) -> Iterator[None]:
    """Let the program import its own packages, as if it ran in its folder."""
    sys.path.insert(0, str(project_dir))
    try:
        yield
    finally:
        sys.path.remove(str(project_dir))


def _completed(config: EngineConfig) -> tuple[EngineConfig, list[str]]:
    """Return the configuration with placeholders for secrets, and notes about everything that was assumed."""
    notes = [f"{shown(key)}: placeholder (encrypted in the stack file)" for key in sorted(config.encrypted_keys)]
    for key in _secret_keys(config):
        if config.values.get(key) == "":
            config = config.with_secret(key, stack_file.PLACEHOLDER)
            notes.append(f"{key}: placeholder (the stack file has none)")
    if not config.get("aws:region"):
        notes.append(f"aws:region is not set; assumed {DEFAULT_REGION}")
    return config, notes


def _encrypted_fields(config: EngineConfig) -> list[str]:
    """Return which values in maps and lists are encrypted, which the program itself cannot know."""
    return [f"{path} is encrypted in Pulumi.{config.stack}.yaml" for path in config.encrypted_fields]


def _secret_keys(config: EngineConfig) -> list[str]:
    return [f"{config.project}:{name}" for name in product.SECRET_KEYS]


class _Host:
    """Answers the engine: creates resources in the in-memory AWS, and records the graph."""

    def __init__(
        self,
        result: Result,
        config: EngineConfig,
        contexts: ExitStack,
        stack_outputs: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self._result = result
        self._config = config
        self._stack_outputs = stack_outputs
        self._contexts = contexts
        self._account = EmulatedAccount(result.region)
        self._default_tags = config.default_tags
        self._provider: Provider | None = None
        self._resources: dict[str, Resource] = {}
        # A value that should have been marked as secret must not be shown either.
        hidden = {*config.secret_keys, *_secret_keys(config)}
        self._secret_texts = {config.values[key] for key in hidden & config.values.keys()}

    def register(self, request: engine.Registration) -> tuple[str, dict[str, Any]]:
        """Create the resource unless its URN exists. A refused one also gets outputs, so that the run continues."""
        if request.urn in self._resources:
            self._problem(request, "a resource of this type, name and parent's type exists: names must differ")
            return self._resources[request.urn].id or "", self._resources[request.urn].outputs
        self._secret_texts |= set(_secret_texts(request.inputs))
        id_, physical_name, outputs = "", None, dict[str, Any]()
        if request.custom:
            id_, physical_name, outputs, problems = self._aws().create(
                request.urn, request.type, request.name, reveal(request.inputs)
            )
            for problem in problems:
                self._problem(request, problem)
            outputs |= request.inputs  # an output is secret if the input of that name is
            outputs |= {name: Secret(outputs[name]) for name in request.secret_outputs & outputs.keys()}
        resource = Resource(
            urn=request.urn,
            type=request.type,
            name=request.name,
            parent=request.parent,
            custom=request.custom,
            dependencies=request.dependencies,
            inputs=masked(request.inputs),
            id=id_ or None,
            physical_name=physical_name,
            outputs=masked(outputs),
            replacement_trigger=masked(request.replacement_trigger),
            delete_before_replace=request.delete_before_replace,
        )
        self._resources[request.urn] = resource
        self._result.resources.append(resource)
        return id_, outputs

    def outputs(self, urn: str, outputs: dict[str, Any]) -> None:
        """Record the outputs of a component or of the stack."""
        resource = self._resources.get(urn)
        target = self._result.outputs if resource is None else resource.outputs
        target.update(masked(outputs))

    def invoke(self, token: str) -> dict[str, Any]:
        """Answer a data source from the account; an unknown one is a problem."""
        answer = self._account.invoke(token)
        if answer is None:
            message = f"the sandbox has no answer for the data source {token}; add one to sandbox/account.py"
            self._result.problems.append(Refusal(urn="", type="", name="", message=message))
        return answer or {}

    def stack_outputs(self, stack: str) -> dict[str, Any]:
        """Return the outputs that were passed, or placeholders."""
        if stack in self._stack_outputs:
            return dict(self._stack_outputs[stack])
        outputs = product.placeholders(self._config, stack, self._account)
        if outputs:
            self._result.notes.append(f"{stack}: placeholders for its outputs {', '.join(outputs)}")
        else:
            message = f"the sandbox does not know what {stack} exports; pass it to sandbox.run(stack_outputs=...)"
            self._result.problems.append(Refusal(urn="", type="", name="", message=message))
        return outputs

    def log(self, severity: str, message: str) -> None:
        """Record a log message; an error is a problem, because it ends an update of the real engine."""
        message = self.without_secrets(message)
        if severity == "error":
            self._result.problems.append(Refusal(urn="", type="", name="", message=message))
        else:
            self._result.notes.append(f"{severity}: {message}")

    @property
    def aws_seconds(self) -> float:
        """The time spent in AWS calls, without the start of the in-memory AWS."""
        return self._provider.cloud.seconds if self._provider else 0.0

    def finish(self) -> None:
        """Add what is known only at the end."""
        if self._provider:
            counts = self._provider.cloud.not_emulated
            self._result.checked_not_emulated = [f"{name} ({count})" for name, count in counts.items()]
            self._result.unchecked = self._provider.unchecked

    def without_secrets(self, text: str) -> str:
        """Return the text with a mask in place of every secret that the sandbox knows."""
        secrets = [secret for secret in self._secret_texts if len(secret) >= _SHORTEST_MASKED]
        for spelling in sorted({each for secret in secrets for each in _spellings(secret)}, key=len, reverse=True):
            text = text.replace(spelling, MASK)
        return text

    def _problem(self, request: engine.Registration, message: str) -> None:
        message = self.without_secrets(message)
        self._result.problems.append(Refusal(urn=request.urn, type=request.type, name=request.name, message=message))

    def _aws(self) -> Provider:
        if self._provider is None:
            # boto3 and moto take half a second to load, so they wait until the configuration is accepted.
            from sandbox.cloud import Cloud  # noqa: PLC0415
            from sandbox.provider import Provider  # noqa: PLC0415

            cloud = self._contexts.enter_context(Cloud(self._account.region))
            self._provider = Provider(cloud, self._account, self._default_tags)
        return self._provider


def _spellings(secret: str) -> set[str]:
    """Return the secret as it is, and as messages quote it: in JSON, by repr(), and one within the other."""
    spellings = {secret}
    for _ in range(2):
        spellings |= {quote(each)[1:-1] for each in spellings for quote in (json.dumps, repr)}
    return spellings


def _secret_texts(value: Any, *, inside: bool = False) -> Iterator[str]:
    if isinstance(value, Secret):
        yield from _secret_texts(value.value, inside=True)
    elif isinstance(value, dict):
        for child in value.values():
            yield from _secret_texts(child, inside=inside)
    elif isinstance(value, list):
        for child in value:
            yield from _secret_texts(child, inside=inside)
    elif inside and isinstance(value, str):
        yield value
