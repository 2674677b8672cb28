"""An account in which the real program deployed a stack: moto's recorded answers, and botocore's Stubber."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

import boto3  # type: ignore[import-untyped]
import yaml
from botocore.stub import Stubber  # type: ignore[import-untyped]
from moto import mock_aws

import sandbox
from fleet import stack
from fleet.aws import Aws
from fleet.doctor import Extra, examine
from tests.components.building import PROJECT, WEBHOOK
from tests.components.program import ROOT, program
from tests.config import samples

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sandbox.graph import Result

REGION = "us-east-1"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
IMAGE = "aws/codebuild/amazonlinux-x86_64-standard"
QUOTA = "Concurrently running builds for Linux/Medium environment"

CONFIG: dict[str, Any] = {
    "aws:region": REGION,
    "conviso-codebuild:integrations": {
        "shop-api": {
            "projectKey": "kXyZ12",
            "source": {
                **samples.SOURCES["github"],
                "provider": "github",
                "auth": {"connectionArn": samples.CONNECTION},
            },
            "triggers": {"pullRequests": {}},
        },
        "billing": {
            "projectKey": "bIl99",
            "source": {**samples.SOURCES["codecommit"], "provider": "codecommit"},
            "environment": {"vpc": samples.VPC},
        },
        "legacy-erp": {
            "projectKey": "eRp01",
            "source": {**samples.SOURCES["s3"], "provider": "s3"},
            "triggers": {"objectCreated": True, "schedule": {"expression": "cron(0 3 ? * SUN *)"}},
        },
    },
}

# A client is expensive to make and holds nothing of an account.
_CLIENTS: dict[str, Any] = {}
_STUBBED: dict[str, Any] = {}


class Denied:
    """AWS's answer to a caller without the permission."""

    code, message = "AccessDeniedException", "not authorized"


class Throttled(Denied):
    """AWS's answer to a caller who asks too often."""

    code, message = "ThrottlingException", "Rate exceeded"


class Gone(Denied):
    """AWS's answer about something that does not exist."""

    code, message = "ResourceNotFoundException", "there is none"


@dataclass(frozen=True)
class Made:
    """A deployed stack, with the recorded answers of an account that no longer exists."""

    folder: Path
    """Of the stack's files and outputs."""
    result: Result
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Of moto, to each question that a command asks."""


class World(Aws):
    """Answers as the account did, unless a test changes an answer."""

    def __init__(self, made: Made) -> None:
        super().__init__(REGION)
        self._made = made
        self._clients = _CLIENTS
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.answers: dict[tuple[str, str], Callable[[dict[str, Any]], dict[str, Any] | Denied]] = {}
        self.changes: dict[tuple[str, str], Callable[[dict[str, Any]], None]] = {}
        self.projects = _projects(made.result)
        self.builds: dict[str, dict[str, Any]] = {name: build(name) for name in self.projects}
        self.say("codeconnections", "get_connection", {"Connection": {"ConnectionStatus": "AVAILABLE"}})
        self.say("codebuild", "list_curated_environment_images", images("5.0"))
        self.say("service-quotas", "list_service_quotas", {"Quotas": [quota(20)]})
        # moto takes this setting, and does not tell it.
        self.say("s3", "get_bucket_notification_configuration", {"EventBridgeConfiguration": {}})
        self.answers["codebuild", "batch_get_projects"] = lambda asked: {
            "projects": [self.projects[name] for name in asked["names"] if name in self.projects]
        }
        # Where there is no build AWS leaves the list out: by its model it cannot be empty.
        self.answers["codebuild", "list_builds_for_project"] = lambda asked: (
            {"ids": [self.builds[asked["projectName"]]["id"]]} if asked["projectName"] in self.builds else {}
        )
        self.answers["codebuild", "batch_get_builds"] = lambda asked: {
            "builds": [each for each in self.builds.values() if each["id"] in asked["ids"]]
        }
        self._stubbed = _STUBBED
        self._one_at_a_time = Lock()

    def say(self, service: str, operation: str, answer: dict[str, Any] | Denied) -> None:
        """Make AWS give this answer, whatever the parameters are."""
        self.answers[service, operation] = lambda _: answer

    def change(self, service: str, operation: str, **values: Any) -> None:
        """Put these values into an answer of moto, at its top or in the one thing that it describes."""

        def changed(answer: dict[str, Any]) -> None:
            for name, value in values.items():
                inner = next((each for each in answer.values() if isinstance(each, dict) and name in each), answer)
                inner[name] = value

        self.changes[service, operation] = changed

    def made(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """What the account answers by itself; a question that no command asked when it was there is an error."""
        return deepcopy(self._made.answers[question(service, operation, parameters)])

    def call(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        with self._one_at_a_time:
            self.asked.append((service, operation, parameters))
            if (service, operation) not in self.answers:
                answer = self.made(service, operation, parameters)
                if change := self.changes.get((service, operation)):
                    change(answer)
                return answer
            if service not in self._stubbed:
                self._stubbed[service] = boto3.client(service, region_name=REGION)
            client = self._stubbed[service]
            said = self.answers[service, operation](parameters)
            with Stubber(client) as stub:
                if isinstance(said, Denied):
                    stub.add_client_error(operation, said.code, said.message, 400)
                else:
                    stub.add_response(operation, said, parameters)
                given: dict[str, Any] = getattr(client, operation)(**parameters)
                return given


class _Recorder(World):
    """Asks moto, and records its answers."""

    def made(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = getattr(self.client(service), operation)(**parameters)
        self._made.answers[question(service, operation, parameters)] = answer
        return answer


def question(service: str, operation: str, parameters: dict[str, Any]) -> str:
    return json.dumps([service, operation, parameters], sort_keys=True)


def build(project: str, status: str = "SUCCEEDED", commit: str = "", **exported: str) -> dict[str, Any]:
    """A build that started three hours ago, as CodeBuild describes it."""
    return {
        "id": f"{project}:1",
        "buildStatus": status,
        "resolvedSourceVersion": commit or "0" * 40,
        "startTime": datetime.now(UTC) - timedelta(hours=3),
        "exportedEnvironmentVariables": [{"name": name, "value": value} for name, value in exported.items()],
        "logs": {"deepLink": f"https://logs.example/{project}"},
    }


def images(*versions: str) -> dict[str, Any]:
    """AWS's list of images: one family with these versions."""
    listed = [{"name": f"{IMAGE}:{version}", "versions": []} for version in versions]
    return {"platforms": [{"platform": "AMAZON_LINUX", "languages": [{"language": "BASE", "images": listed}]}]}


def quota(value: float) -> dict[str, Any]:
    """The quota for builds at a time on the default machine."""
    return {"QuotaName": QUOTA, "QuotaCode": "L-2DC20C30", "Value": value}


def deploy(folder: Path, **more: Any) -> Made:
    """Run the program in an account of its own, and ask all that a command asks there.

    `more` are further keys of the stack's configuration.
    """
    config = CONFIG | {f"conviso-codebuild:{key}": value for key, value in more.items()}
    shutil.copy(ROOT / "Pulumi.yaml", folder)
    (folder / "Pulumi.prod.yaml").write_text(yaml.safe_dump({"config": config}))
    with mock_aws():
        result = sandbox.run(folder, "prod", program=program)
        assert not result.problems, result.problems
        (folder / "outputs.json").write_text(json.dumps(result.outputs))
        made = Made(folder, result)
        recorder = _Recorder(made)
        recorder.ask("sts", "get_caller_identity")
        assert list(examine(load(folder), recorder, Extra(read_secret=True)))
    return made


def load(folder: Path) -> stack.Stack:
    """The stack as `fleet` reads it."""
    return stack.load(folder, "prod", folder / "outputs.json")


def _projects(result: Result) -> dict[str, dict[str, Any]]:
    """CodeBuild's description of each project: moto forgets most of it, and has no webhooks."""
    found: dict[str, dict[str, Any]] = {}
    for each in result.resources:
        if each.type == PROJECT:
            found[each.inputs["name"]] = _project(each.inputs, str(each.outputs["arn"]))
    for each in result.resources:
        if each.type == WEBHOOK:
            found[each.inputs["projectName"]]["webhook"] = _webhook(each.inputs)
    return found


def _project(inputs: Mapping[str, Any], arn: str) -> dict[str, Any]:
    logs = inputs["logsConfig"]
    return {
        "name": inputs["name"],
        "arn": arn,
        "source": {
            key: inputs["source"][key]
            for key in ("type", "location", "buildspec", "gitCloneDepth")
            if key in inputs["source"]
        },
        "environment": {
            key: inputs["environment"][key]
            for key in ("type", "image", "computeType", "privilegedMode", "environmentVariables")
        },
        "serviceRole": inputs["serviceRole"],
        "logsConfig": {
            "cloudWatchLogs": {"status": logs["cloudwatchLogs"]["status"]},
            "s3Logs": {"status": logs["s3Logs"]["status"]},
        },
    }


def _webhook(inputs: Mapping[str, Any]) -> dict[str, Any]:
    groups: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for index, group in enumerate(inputs["filterGroups"]):
        groups[index] = [dict(each) for each in group["filters"]]
    policy = inputs.get("pullRequestBuildPolicy")
    return {"status": "ACTIVE", "filterGroups": list(groups.values())} | (
        {"pullRequestBuildPolicy": dict(policy)} if policy else {}
    )
