"""Least privilege in practice: a build's role makes real calls in an emulated AWS that enforces its policy.

moto evaluates a policy without any request context, so that it denies whatever a statement with a condition allows.
Statements with conditions (`kms:ViaService`, `s3:prefix`, `ec2:Subnet`, `ec2:AuthorizedService`, and `codebuild:*` and
`aws:Source*` of the starter) are therefore left out here, and `test_conditions.py` evaluates them. Except for S3, moto
does not know the resource of a call either: these tests determine it through a hook that moto offers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any

import boto3  # type: ignore[import-untyped]
import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]
from moto import mock_aws
from moto.core import set_initial_no_auth_action_count
from moto.logs.responses import LogsResponse
from moto.secretsmanager.responses import SecretsManagerResponse

from components.aws import policies
from tests.components.building import build, statements
from tests.config.samples import PROVIDERS, settings
from tests.harness import HERE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from moto.core.responses import BaseResponse

GROUP, OTHER_GROUP = "/aws/codebuild/conviso-dev-shop", "/aws/codebuild/conviso-dev-other"
PULL_REQUESTS_GROUP = f"{GROUP}-pr"
LOGS, SOURCES = "acme-logs", "acme-exports"
LOG, ARCHIVE = "conviso-dev-shop/1.gz", "erp/legacy.zip"
NEW = "new"
"""Stands for a name that does not exist yet."""
SECRETS = ("conviso/dev", "conviso/own", "conviso/other", "git-token")
# moto answers in XML even if the service speaks JSON, so that boto3 finds no error code in those answers.
REFUSALS = ("AccessDenied", "UnauthorizedOperation")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The settings that determine the permissions of a role."""

    provider: str
    logs: str
    secret: str
    token: bool = False
    """Whether the source's login is a token in a secret."""
    pull_requests: bool = False
    """Whether this is the role for pull requests, which has a secret of its own."""

    def __str__(self) -> str:
        special = [name for name in ("token", "pull_requests") if getattr(self, name)]
        return "-".join([self.provider, self.logs, self.secret.replace("/", "."), *special])


CHOICES = [
    *(
        Choice(provider=provider, logs=logs, secret=secret)
        for provider, logs, secret in product(PROVIDERS, ("cloudwatch", "s3", "both"), SECRETS[:2])
    ),
    Choice(provider="github", logs="cloudwatch", secret="conviso/dev", token=True),
    Choice(provider="github", logs="both", secret="conviso/own", pull_requests=True),
]


def never(_: Choice) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Request:
    """One call, and whether a build needs it; the name of a secret in a parameter is sent as its ARN."""

    service: str
    operation: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    needed: Callable[[Choice], bool] = never


def reads(secret: str, needed: Callable[[Choice], bool]) -> Request:
    return Request(
        service="secretsmanager", operation="get_secret_value", parameters={"SecretId": secret}, needed=needed
    )


def on_secret(operation: str, **parameters: Any) -> Request:
    return Request(service="secretsmanager", operation=operation, parameters={"SecretId": "conviso/dev", **parameters})


def on_logs(operation: str, group: str, *, needed: Callable[[Choice], bool] = never, **parameters: Any) -> Request:
    return Request(service="logs", operation=operation, parameters={"logGroupName": group, **parameters}, needed=needed)


def on_s3(operation: str, needed: Callable[[Choice], bool] = never, **parameters: Any) -> Request:
    return Request(service="s3", operation=operation, parameters=parameters, needed=needed)


def to_cloudwatch(choice: Choice) -> bool:
    return choice.logs != "s3" and not choice.pull_requests


def to_s3(choice: Choice) -> bool:
    return choice.logs != "cloudwatch"


def own_logs_to_s3(choice: Choice) -> bool:
    return to_s3(choice) and not choice.pull_requests


def for_pull_requests(choice: Choice) -> bool:
    return choice.pull_requests


def from_s3(choice: Choice) -> bool:
    return choice.provider == "s3"


EVENTS = [{"timestamp": 1, "message": "line"}]
REQUESTS: Mapping[str, Request] = {
    "the stack's secret": reads("conviso/dev", lambda choice: choice.secret == "conviso/dev"),
    "the integration's own secret": reads("conviso/own", lambda choice: choice.secret == "conviso/own"),
    "the token's secret": reads("git-token", lambda choice: choice.token),
    "another secret": reads("conviso/other", never),
    "to change the secret": on_secret("put_secret_value", SecretString="{}"),
    "to give the secret another key": on_secret("update_secret", Description="x"),
    "to list secrets": Request(service="secretsmanager", operation="list_secrets"),
    "a log stream": on_logs("create_log_stream", GROUP, needed=to_cloudwatch, logStreamName=NEW),
    "its log": on_logs("put_log_events", GROUP, needed=to_cloudwatch, logStreamName="before", logEvents=EVENTS),
    "the log of pull requests": on_logs(
        "put_log_events", PULL_REQUESTS_GROUP, needed=for_pull_requests, logStreamName="before", logEvents=EVENTS
    ),
    "another's log": on_logs("put_log_events", OTHER_GROUP, logStreamName="before", logEvents=EVENTS),
    "to read its log": on_logs("get_log_events", GROUP, logStreamName="before"),
    "to make log groups": on_logs("create_log_group", NEW),
    "to expire its log": on_logs("put_retention_policy", GROUP, retentionInDays=1),
    "to store its log": on_s3("put_object", own_logs_to_s3, Bucket=LOGS, Key=LOG, Body=b""),
    "to store the log of pull requests": on_s3(
        "put_object", for_pull_requests, Bucket=LOGS, Key="conviso-dev-shop-pr/1.gz", Body=b""
    ),
    "to see whose the log bucket is": on_s3("get_bucket_acl", to_s3, Bucket=LOGS),
    "to see where the log bucket is": on_s3("get_bucket_location", to_s3, Bucket=LOGS),
    "to store in another's log": on_s3("put_object", Bucket=LOGS, Key="conviso-dev-other/1.gz", Body=b""),
    "to read a stored log": on_s3("get_object", Bucket=LOGS, Key=LOG),
    "to remove a stored log": on_s3("delete_object", Bucket=LOGS, Key="conviso-dev-shop/0.gz"),
    "to list the log bucket": on_s3("list_objects_v2", Bucket=LOGS),
    "the archive": on_s3("get_object", from_s3, Bucket=SOURCES, Key=ARCHIVE),
    "to see where the archive is": on_s3("get_bucket_location", from_s3, Bucket=SOURCES),
    "another archive": on_s3("get_object", Bucket=SOURCES, Key="erp/payroll.zip"),
    "to replace the archive": on_s3("put_object", Bucket=SOURCES, Key=ARCHIVE, Body=b""),
    "to remove the bucket's policy": on_s3("delete_bucket_policy", Bucket=SOURCES),
    "to list buckets": on_s3("list_buckets"),
    "to start builds": Request(service="codebuild", operation="start_build", parameters={"projectName": "release"}),
    "to see projects": Request(service="codebuild", operation="list_projects"),
    "to see roles": Request(service="iam", operation="list_roles"),
    "to see instances": Request(service="ec2", operation="describe_instances"),
    "to see keys": Request(service="kms", operation="list_keys"),
}
"""The calls that a build may try, by what they are for."""


class Account:
    """An emulated account that contains what builds need and what they must not reach."""

    def __init__(self) -> None:
        self._session = boto3.Session("setup", "setup", region_name=HERE.region)
        self._build = boto3.Session("build", "build", region_name=HERE.region)
        self._builds = {each: self._build.client(each) for each in {one.service for one in REQUESTS.values()}}
        make = self.client("secretsmanager").create_secret
        self.secrets = {name: make(Name=name, SecretString="{}")["ARN"] for name in SECRETS}
        for group in (GROUP, OTHER_GROUP, PULL_REQUESTS_GROUP):
            self.client("logs").create_log_group(logGroupName=group)
            self.client("logs").create_log_stream(logGroupName=group, logStreamName="before")
        for bucket, key in ((SOURCES, ARCHIVE), (SOURCES, "erp/payroll.zip"), (LOGS, LOG)):
            self.client("s3").create_bucket(Bucket=bucket)
            self.client("s3").put_object(Bucket=bucket, Key=key, Body=b"")
        self.client("codebuild").create_project(
            name="release",
            source={"type": "S3", "location": f"{SOURCES}/{ARCHIVE}"},
            artifacts={"type": "NO_ARTIFACTS"},
            environment={"type": "LINUX_CONTAINER", "image": "x", "computeType": "BUILD_GENERAL1_SMALL"},
            serviceRole=f"arn:aws:iam::{HERE.account}:role/service-role/release",
        )

    def client(self, service: str) -> Any:
        return self._session.client(service)

    def policy(self, choice: Choice) -> policies.Document:
        """Return the policy that is rendered for this choice, without the statements that moto cannot evaluate."""
        source = {"auth": {"tokenSecretArn": self.secrets["git-token"]}} if choice.token else None
        logs = {"destination": choice.logs, **({"bucket": LOGS} if to_s3(choice) else {})}
        secret = {"existingArn": self.secrets[choice.secret]}
        sections: dict[str, Any] = {"logs": logs, "secret": secret}
        if choice.pull_requests:
            sections |= {"secret": {"existingArn": self.secrets["conviso/dev"]}}
            sections |= {"triggers": {"push": True, "pullRequests": {"secret": secret}}}
        role = "shop-role-pr" if choice.pull_requests else "shop-role"
        rendered = statements(build(settings(choice.provider, source=source, **sections)), role)
        return policies.document([each for each in rendered if "Condition" not in each])

    def granted(self, role: str, policy: policies.Document) -> set[str]:
        """Return the requests that a new role with this policy is granted; other errors are mistakes in the table."""
        self._assume(role, policy)
        names = {**self.secrets, NEW: role}
        return {name for name, one in REQUESTS.items() if _is_granted(self._builds[one.service], one, names)}

    def _assume(self, name: str, policy: policies.Document) -> None:
        anybody = policies.document([{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}])
        role = self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(anybody))["Role"]
        self.client("iam").put_role_policy(RoleName=name, PolicyName="build", PolicyDocument=json.dumps(policy))
        found = self.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="build")["Credentials"]
        # Clients are expensive to create, so they are reused, and take the new role's credentials from their session.
        credentials = self._build.get_credentials()
        credentials.access_key, credentials.secret_key = found["AccessKeyId"], found["SecretAccessKey"]
        credentials.token = found["SessionToken"]


def _is_granted(client: Any, request: Request, names: Mapping[str, str]) -> bool:
    parameters = {key: names.get(str(value), value) for key, value in request.parameters.items()}
    try:
        set_initial_no_auth_action_count(0)(getattr(client, request.operation))(**parameters)
    except ClientError as error:
        if not any(word in str(error) for word in REFUSALS):
            raise
        return False
    return True


def secret_of(call: BaseResponse) -> str:
    """Return the ARN of the secret that a call names."""
    return str(json.loads(call.body).get("SecretId", "*"))


def group_of(call: BaseResponse) -> str:
    """Return the ARN of the log group or stream that a call names."""
    parameters = json.loads(call.body)
    stream = f"log-stream:{parameters['logStreamName']}" if "logStreamName" in parameters else ""
    return HERE.arn("logs", f"log-group:{parameters['logGroupName']}:{stream}")


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """Yield an account whose IAM knows which secret or log group a call is for."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for responses, about in ((SecretsManagerResponse, secret_of), (LogsResponse, group_of)):
            patch.setattr(responses, "_determine_resource", about, raising=False)
        yield Account()


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_a_build_is_granted_what_it_needs_and_nothing_else(account: Account, choice: Choice) -> None:
    """Without this, nothing shows that a policy which reads as narrow is narrow, or that it is wide enough."""
    needed = {name for name, request in REQUESTS.items() if request.needed(choice)}
    assert account.granted(str(choice), account.policy(choice)) == needed


def test_a_role_with_full_access_is_granted_every_request(account: Account) -> None:
    """Without this, a request that can never succeed counts as refused."""
    everything = policies.document([{"Effect": "Allow", "Action": "*", "Resource": "*"}])
    assert account.granted("anything", everything) == set(REQUESTS)
