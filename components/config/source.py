"""`source`: which repository a build reads, and how it logs in. Three models cover the seven providers."""

import re
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Discriminator, Field, Tag, field_validator

from .fields import (
    A_REF,
    BucketName,
    ConnectionArn,
    HttpsUrl,
    KmsKeyArn,
    ObjectKey,
    SecretArn,
    Section,
    Text,
    checked,
    choice,
    derived_default,
    git_ref,
    matches,
    refusal,
)
from .stack_outputs import OrOutput


class Provider(StrEnum):
    """Who hosts the repository. CodePipeline is not supported, because its archives lack `.git`."""

    CODECOMMIT = "codecommit"
    S3 = "s3"
    GITHUB = "github"
    GITHUB_ENTERPRISE = "github-enterprise"
    BITBUCKET = "bitbucket"
    GITLAB = "gitlab"
    GITLAB_SELF_MANAGED = "gitlab-self-managed"


GitHost = Literal[
    Provider.GITHUB,
    Provider.GITHUB_ENTERPRISE,
    Provider.BITBUCKET,
    Provider.GITLAB,
    Provider.GITLAB_SELF_MANAGED,
]

PUBLIC_HOSTS = {
    Provider.GITHUB: "github.com",
    Provider.BITBUCKET: "bitbucket.org",
    Provider.GITLAB: "gitlab.com",
}
"""The hosts of the providers that are public services. The other providers are self-hosted."""

GITLABS = frozenset({Provider.GITLAB, Provider.GITLAB_SELF_MANAGED})

_provider = choice(
    Provider,
    {"codepipeline": "CodePipeline gives the build an archive without .git, which every Conviso command needs"},
)
_service_role_logs_in = "is not used here: the build's role reads this source, and gets just that permission"

Version = Annotated[Text, Field(max_length=255), checked(git_ref)]
"""What is built without an event: a branch, `refs/heads/x`, `refs/tags/x`, or a commit of 40 hexadecimal digits."""


class _Versioned(Section):
    """The fields that all git repositories have."""

    version: Version = Field(
        description="Branch (also `refs/heads/x`), `refs/tags/x`, or commit (40 hexadecimal digits)"
    )
    submodules: bool = Field(default=False, description="Clone submodules too; not for GitLab or CodeCommit")

    @field_validator("version")
    @classmethod
    def _known_kind_of_ref(cls, value: str) -> str:
        if value.startswith("refs/") and not value.startswith(("refs/heads/", "refs/tags/")):
            raise refusal(A_REF)
        if re.fullmatch(r"[0-9a-fA-F]{64}", value):
            raise refusal("must not be a commit of a SHA-256 repository, which the Conviso client cannot read")
        return value

    @property
    def branch(self) -> str | None:
        """The name of the branch, without `refs/heads/`; None if the version is a tag or a commit."""
        if self.version.startswith("refs/tags/") or re.fullmatch(r"[0-9a-fA-F]{40}", self.version):
            return None
        return self.version.removeprefix("refs/heads/")


class Auth(Section):
    """How one project logs in: with a connection, or with a token in Secrets Manager."""

    connection_arn: OrOutput[ConnectionArn] | None = Field(default=None, description="CodeConnections connection")
    token_secret_arn: OrOutput[SecretArn] | None = Field(default=None, description="Secret that holds an access token")
    kms_key_arn: OrOutput[KmsKeyArn] | None = Field(default=None, description="Customer key of the token's secret")


class GitSource(_Versioned):
    """A repository on GitHub, GitHub Enterprise, Bitbucket or GitLab."""

    provider: Annotated[GitHost, _provider] = Field(description="Host of the repository")
    repository: HttpsUrl = Field(description="https clone URL, without user or password")
    auth: Auth | None = Field(
        default=None,
        description="Login to the git host, by a connection or a token",
        json_schema_extra=derived_default("the account's own CodeBuild credential"),
    )
    report_status: bool = Field(
        default=True, description="Report the build's status to the host; `false` for a login that may not write"
    )


class CodeCommitSource(_Versioned):
    """A CodeCommit repository of the stack's account and region."""

    refused: ClassVar = {"auth": _service_role_logs_in}

    provider: Literal[Provider.CODECOMMIT] = Field(default=Provider.CODECOMMIT, description="AWS CodeCommit")
    repository: Annotated[str, matches(r"(?!.*\.git$)[A-Za-z0-9_.-]{1,100}", "the repository's name, not a URL")] = (
        Field(description="Name of the repository")
    )


class S3Source(Section):
    """A `.zip` object or a folder in S3 that holds the work tree and its `.git`."""

    refused: ClassVar = {
        "auth": _service_role_logs_in,
        "repository": "is not used for s3: set bucket and key",
    }

    provider: Literal[Provider.S3] = Field(default=Provider.S3, description="Amazon S3")
    bucket: OrOutput[BucketName] = Field(description="Bucket that holds the repository")
    key: Annotated[ObjectKey, matches(r".*(\.zip|/)", "a .zip object, or a folder ending in /")] = Field(
        description="A `.zip` object, or a folder ending in `/`; it must hold `.git`"
    )
    version: Annotated[str, matches(r"[A-Za-z0-9._~+/=-]{1,1024}", "an object's version id")] | None = Field(
        default=None, description="Version of a `.zip` object", json_schema_extra=derived_default("the newest")
    )
    kms_key_arn: OrOutput[KmsKeyArn] | None = Field(default=None, description="Customer key of an SSE-KMS bucket")


def _kind(value: Any) -> str:
    provider = value.get("provider") if isinstance(value, dict) else getattr(value, "provider", None)
    # This is a tuple because the value may be a map, which cannot be looked up in a set.
    return str(provider) if provider in (Provider.CODECOMMIT, Provider.S3) else "git"


Source = Annotated[
    Annotated[GitSource, Tag("git")] | Annotated[CodeCommitSource, Tag("codecommit")] | Annotated[S3Source, Tag("s3")],
    Discriminator(_kind),
]


def wrong_host(source: GitSource) -> str | None:
    """What is wrong with the URL's host or path for this provider; None if nothing is."""
    url = urlsplit(source.repository)
    expected = PUBLIC_HOSTS.get(source.provider)
    if expected and url.netloc != expected:
        return f"must be on {expected} for provider {source.provider}"
    host = (url.hostname or "").removeprefix("www.").rstrip(".")
    if not expected and host in PUBLIC_HOSTS.values():
        return f"must not be on {host} for provider {source.provider}"
    # GitLab nests groups, and a part `-` belongs to a page of its website.
    parts = "{2,}" if source.provider in GITLABS else "{2}"
    if not re.fullmatch(rf"(/(?!(\.{{1,2}}|-)(/|$))[A-Za-z0-9_.~-]+){parts}", url.path):
        return "must be the URL to clone, with a path such as /owner/repository.git"
    return None
