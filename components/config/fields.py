"""The building blocks of the configuration: what every section shares, and the types of fields that several use."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from ..aws.names import STACK_TAG
from .redaction import did_you_mean, got, kind_of_credential

_UNQUOTED_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)? [-+][0-9]{4} (UTC|[-+][0-9]{4})"
)
"""What Pulumi's engine makes of a date that a stack file holds without quotes."""


class Section(BaseModel):
    """A frozen part of the configuration: camelCase outside, unknown keys and mistyped values refused."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        defer_build=True,  # a section's validator is made once, as a part of the whole
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
        strict=True,
        validate_default=True,
    )

    refused: ClassVar[Mapping[str, str]] = {}
    """Keys that people try here, each with the reason why it does not exist."""

    @classmethod
    def known_keys(cls) -> dict[str, str]:
        """Each key as it is written in a stack file -> the attribute that holds it."""
        return {field.alias or name: name for name, field in cls.model_fields.items()}


def refusal(message: str, field: str | None = None) -> PydanticCustomError:
    """An error whose text reaches the user as it is; `field` is the key to blame where a whole section is checked."""
    return PydanticCustomError("refused", "{message}", {"message": message, "field": field})


def choice(choices: type[StrEnum], reasons: Mapping[str, str] | None = None) -> BeforeValidator:
    """Accept a member of `choices` or its text; `reasons` says why a known other text is no choice."""
    allowed = ", ".join(choices)

    def check(value: object) -> object:
        if not isinstance(value, str):
            raise refusal(f"must be one of {allowed}{got(value)}")
        if value in (reasons or {}):
            raise refusal(f"{(reasons or {})[value]}; must be one of {allowed}{got(value, reasons or {})}")
        try:
            return choices(value)
        except ValueError:
            hint = did_you_mean(value, choices)
            raise refusal(f"must be one of {allowed}{got(value, list(choices))}{hint}") from None

    return BeforeValidator(check)


def derived_default(words: str) -> dict[str, Any]:
    """What a field's default depends on, in words for the tables; the model that holds the field computes it."""
    return {"x-default": words}


@dataclass(frozen=True)
class Matching:
    """The check of a text against a pattern, with both the pattern and the rule in words."""

    pattern: re.Pattern[str]
    rule: str

    def __call__(self, value: str) -> str:
        """The value, if it fully matches."""
        if message := no_setting(value):
            raise refusal(message)
        if not self.pattern.fullmatch(value):
            raise refusal(f"must be {self.rule}{got(value)}")
        return value


def matches(pattern: str, rule: str) -> AfterValidator:
    """Text that fully matches `pattern`; `rule` completes "must be ..."."""
    return AfterValidator(Matching(re.compile(pattern), rule))


def no_setting(value: str) -> str | None:
    """Why a text is no setting of any field, or None: a date without quotes, or a credential."""
    if _UNQUOTED_DATE.fullmatch(value):
        return "must be text; a date is written in quotes to be text"
    if kind := kind_of_credential(value):
        return (
            f"looks like {kind}, and nothing that stands here is kept secret; take it out, revoke it, "
            "and keep its successor in AWS Secrets Manager"
        )
    return None


def checked(check: Callable[[Any], str | None]) -> AfterValidator:
    """A validator from a function that returns what is wrong with a value, or None."""

    def validate(value: Any) -> Any:
        message = check(value)
        if message:
            raise refusal(message)
        return value

    return AfterValidator(validate)


def _printable(value: str) -> str | None:
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in value):
        return "must not contain control characters or line breaks"
    return None


def _path(value: str) -> str | None:
    parts = value.split("/")
    if value.startswith(("/", "~")) or ".." in parts or "." in parts or "" in parts or "\\" in value:
        return "must be a path inside of the repository, without a leading /, `.` or `..`"
    return None


def _path_pattern(value: str) -> str | None:
    if value.startswith("/") or ".." in value.split("/"):
        return "must be a path from the repository's root, without a leading / or `..`"
    return None


def _https(value: str) -> str | None:
    try:
        url = urlsplit(value)
        _ = url.port  # raises ValueError beyond 65535
    except ValueError:
        return "must be an https URL"
    if "@" in url.netloc:
        return "must not carry a user or password"
    if url.scheme != "https" or not re.fullmatch(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?", url.netloc):
        return "must be an https URL"
    if url.query or url.fragment:
        return "must not carry a query or fragment"
    return None


def _object_key(value: str) -> str | None:
    if value.startswith("/"):
        return "must not start with /"
    if re.search(r"[*?$\\]", value):
        return "must not contain *, ?, $ or \\: they are wildcards or variables in the role's policy"
    return None


def _account_wide_arn(service: str, resource: str, example: str) -> object:
    partition = r"aws[a-z-]{0,16}"
    pattern = rf"arn:{partition}:{service}:[a-z0-9-]{{5,25}}:[0-9]{{12}}:{resource}"
    return matches(pattern, f"an ARN such as {example}")


Text = Annotated[str, Field(min_length=1), checked(no_setting), checked(_printable)]
"""Any non-empty line of text."""

IntegrationName = Annotated[
    str,
    matches(r"[a-z][a-z0-9-]{1,39}", "2 to 40 of a-z, 0-9 and -, starting with a letter"),
]
"""Prefix of every resource of an integration; 40 keeps `<name>-<suffix>-<7 hex>` inside IAM's 64."""

ProjectName = Annotated[
    str,
    # CodeBuild allows 150; the project of pull requests adds `-pr`.
    matches(r"[A-Za-z0-9][A-Za-z0-9_-]{1,146}", "2 to 147 letters, digits, - and _, starting with a letter or digit"),
]
ProjectKey = Annotated[str, matches(r"[A-Za-z0-9_-]{1,128}", "letters, digits, - and _")]
JsonKey = Annotated[str, matches(r"[A-Za-z0-9_.-]{1,128}", "letters, digits, `.`, - and _")]
"""Key inside a secret's JSON; a colon would end it in CodeBuild's `<arn>:<key>`."""

HttpsUrl = Annotated[Text, checked(_https)]
RepositoryPath = Annotated[Text, Field(max_length=256), checked(_path)]
PathPattern = Annotated[Text, Field(max_length=256), checked(_path_pattern)]
"""Path of files in a repository: `**` crosses folders, `*` does not, all else is literal."""

TagPattern = Annotated[Text, Field(max_length=128), matches(r"[^\s\\~^:?\[]+", "a tag's name, in which * is any run")]
ObjectKey = Annotated[Text, Field(max_length=1024), checked(_object_key)]
BucketName = Annotated[
    str,
    matches(r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "a bucket's name: 3 to 63 of a-z, 0-9, `.` and -"),
]

SecretArn = Annotated[
    str,
    # CodeBuild takes a full ARN or a name, never an ARN without the six characters at its end.
    _account_wide_arn(
        "secretsmanager",
        r"secret:[A-Za-z0-9/_+=.@-]{1,512}-[A-Za-z0-9]{6}",
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:conviso-AbCdEf (with its six random characters)",
    ),
]
KmsKeyArn = Annotated[
    str,
    # An alias would not do: policies name the key itself.
    _account_wide_arn("kms", r"key/[A-Za-z0-9-]{8,64}", "arn:aws:kms:us-east-1:123456789012:key/..."),
]
ConnectionArn = Annotated[
    str,
    _account_wide_arn(
        "(codeconnections|codestar-connections)",
        r"connection/[A-Za-z0-9-]{8,64}",
        "arn:aws:codeconnections:us-east-1:123456789012:connection/...",
    ),
]
TopicArn = Annotated[
    str,
    # A FIFO topic takes no messages from EventBridge.
    _account_wide_arn("sns", r"(?!.*\.fifo$)[A-Za-z0-9_-]{1,256}", "arn:aws:sns:us-east-1:123456789012:appsec"),
]
PolicyArn = Annotated[
    str,
    matches(
        r"arn:aws[a-z-]{0,16}:iam::(aws|[0-9]{12}):policy/[A-Za-z0-9+=,.@_/-]{1,512}",
        "an ARN such as arn:aws:iam::123456789012:policy/boundary",
    ),
]
CertificateArn = Annotated[
    str,
    matches(
        r"arn:aws[a-z-]{0,16}:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/[A-Za-z0-9!_.'()/ -]{1,900}\.(pem|zip)",
        "the ARN of a .pem or .zip object in S3, such as arn:aws:s3:::bucket/ca.pem",
    ),
]

TagKey = Annotated[
    str,
    matches(
        rf"(?!(?i:aws:))(?!{STACK_TAG}$)[\w\s.:/=@+-]{{1,127}}",
        f"1 to 127 letters, digits, spaces and . : / = @ + - _, not aws:... and not {STACK_TAG}",
    ),
    checked(_printable),
]
TagValue = Annotated[
    str,
    matches(r"[\w\s.:/=@+-]{0,255}", "up to 255 letters, digits, spaces and . : / = @ + - _"),
    checked(_printable),
]
Tags = Annotated[dict[TagKey, TagValue], Field(max_length=49)]
"""CodeBuild's limits, the narrowest among the services: keys of 127 and values of 255 characters, and 50 tags, of which
one is the stack's."""


A_REF = "must be a branch, refs/heads/..., refs/tags/... or a full commit"


def git_ref(value: str) -> str | None:
    """What is wrong with a git reference by `git check-ref-format`, or None."""
    parts = value.split("/")
    refused = (
        re.search(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{", value)
        or value.startswith("-")
        or value.endswith(".")
        or value in {"@", "HEAD"}
        or any(not part or part.startswith(".") or part.endswith(".lock") for part in parts)
    )
    return A_REF if refused else None
