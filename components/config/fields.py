"""The base class of all sections, and the types of fields and the validators that sections share."""

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
"""The form in which Pulumi's engine passes on a date that a stack file has without quotes."""


_JOINERS = "\u200c\u200d"
"""The invisible characters that several scripts need, and emoji."""


class Section(BaseModel):
    """A map of the configuration. Its keys are camelCase; unknown keys and values of another type are refused."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        defer_build=True,  # validators are built once, together with that of the whole integration
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
        strict=True,
        validate_default=True,
    )

    refused: ClassVar[Mapping[str, str]] = {}
    """Keys that people may try although they do not exist, each with the reason."""

    @classmethod
    def known_keys(cls) -> dict[str, str]:
        """The keys of the stack file, each with the name of its attribute."""
        return {field.alias or name: name for name, field in cls.model_fields.items()}


def refusal(message: str, field: str | None = None) -> PydanticCustomError:
    """An error with a message for the user; a check of a whole section names the key to blame as `field`."""
    return PydanticCustomError("refused", "{message}", {"message": message, "field": field})


def choice(choices: type[StrEnum], reasons: Mapping[str, str] | None = None) -> BeforeValidator:
    """Accept a member of `choices` or its text. `reasons` says of other known texts why they are not supported."""
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
    """Schema entry with a description of a default that a model computes; it is shown in the documentation."""
    return {"x-default": words}


@dataclass(frozen=True)
class Matching:
    """The check of a text against a pattern, which the schema shows, too, and the rule in words."""

    pattern: re.Pattern[str]
    rule: str

    def __call__(self, value: str) -> str:
        """Return the value if all of it matches."""
        if message := no_setting(value):
            raise refusal(message)
        if not self.pattern.fullmatch(value):
            raise refusal(f"must be {self.rule}{got(value)}")
        return value


def matches(pattern: str, rule: str) -> AfterValidator:
    """Accept text that fully matches `pattern`. `rule` completes the sentence "must be ..."."""
    return AfterValidator(Matching(re.compile(pattern), rule))


def no_setting(value: str) -> str | None:
    """Why no field accepts this text: it is a date without quotes or a credential. None for other texts."""
    if _UNQUOTED_DATE.fullmatch(value):
        return "must be text: put a date in quotes"
    if kind := kind_of_credential(value):
        return (
            f"looks like {kind}, but values here are not kept secret; remove it, revoke it, "
            "and store its replacement in AWS Secrets Manager"
        )
    return None


def checked(check: Callable[[Any], str | None]) -> AfterValidator:
    """A validator from a function that returns what is wrong with a value, or None if nothing is."""

    def validate(value: Any) -> Any:
        message = check(value)
        if message:
            raise refusal(message)
        return value

    return AfterValidator(validate)


def _printable(value: str) -> str | None:
    kinds = {unicodedata.category(character) for character in value if character not in _JOINERS}
    if kinds & {"Cc", "Zl", "Zp"}:
        return "must not contain control characters or line breaks"
    # A pasted name with such a character looks right, and matches no branch, path or tag.
    if "Cf" in kinds:
        return "must not contain invisible characters; type it instead of pasting it"
    return None


def _trimmed(value: str) -> str | None:
    # Such a space is not seen. It would be part of the name of a branch, path or tag, and match none.
    return "must not begin or end with a space" if value != value.strip() else None


def _path(value: str) -> str | None:
    parts = value.split("/")
    if value.startswith(("/", "~")) or ".." in parts or "." in parts or "" in parts or "\\" in value:
        return "must be a path inside the repository, without a leading /, `.` or `..`"
    return None


def _path_pattern(value: str) -> str | None:
    if not {"", ".", ".."}.isdisjoint(value.split("/")):
        return "must be a path from the repository's root, without a leading /, `.` or `..`; a folder is src/**"
    return None


def _tag_pattern(value: str) -> str | None:
    return None if git_ref(value.replace("*", "x")) is None else "must be a pattern that names of tags in git can match"


def _https(value: str) -> str | None:
    try:
        url = urlsplit(value)
        _ = url.port  # raises ValueError beyond 65535
    except ValueError:
        return "must be an https URL"
    if "@" in url.netloc:
        return "must not contain a user or password"
    if url.scheme != "https" or not re.fullmatch(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?", url.netloc) or " " in value:
        return "must be an https URL"
    if url.query or url.fragment:
        return "must not contain a query or fragment"
    return None


def _object_key(value: str) -> str | None:
    if value.startswith("/"):
        return "must not start with /"
    if len(value.encode()) > 1024:
        return "must be at most 1024 bytes of UTF-8"
    if re.search(r"[*?$\\]", value):
        return "must not contain *, ?, $ or \\: they are wildcards or variables in the role's policy"
    return None


def _same_key(tags: Mapping[str, str]) -> str | None:
    # IAM ignores case: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
    if len({key.lower() for key in tags}) < len(tags):
        return "must not have two keys that differ in upper and lower case only: they are one key for an IAM role"
    return None


def _account_wide_arn(service: str, resource: str, example: str) -> object:
    partition = r"aws[a-z-]{0,16}"
    pattern = rf"arn:{partition}:{service}:[a-z0-9-]{{5,25}}:[0-9]{{12}}:{resource}"
    return matches(pattern, f"an ARN such as {example}")


Text = Annotated[str, Field(min_length=1), checked(no_setting), checked(_printable), checked(_trimmed)]
"""Any non-empty line of text, without spaces around it."""

IntegrationName = Annotated[
    str,
    matches(r"[a-z][a-z0-9-]{1,39}", "2 to 40 of a-z, 0-9 and -, starting with a letter"),
]
"""Name of an integration, which is part of the names of all its resources."""

ProjectName = Annotated[
    str,
    # CodeBuild allows 150 characters, and the project that reviews pull requests appends `-pr`.
    matches(r"[A-Za-z0-9][A-Za-z0-9_-]{1,146}", "2 to 147 letters, digits, - and _, starting with a letter or digit"),
]
ProjectKey = Annotated[str, matches(r"[A-Za-z0-9_-]{1,128}", "letters, digits, - and _")]
JsonKey = Annotated[str, matches(r"[A-Za-z0-9_.-]{1,128}", "letters, digits, `.`, - and _")]
"""Key in a secret's JSON. A colon would end it, because CodeBuild takes `<arn>:<key>`."""

HttpsUrl = Annotated[Text, checked(_https)]
RepositoryPath = Annotated[Text, Field(max_length=256), checked(_path)]
PathPattern = Annotated[Text, Field(max_length=256), checked(_path_pattern)]
"""Pattern of paths in a repository: `**` crosses folders, `*` does not, and the rest is literal."""

TagPattern = Annotated[
    Text,
    Field(max_length=128),
    matches(r"(?!refs/)[^\s\\~^:?\[]+", "a tag's name without refs/tags/, in which * matches any text"),
    checked(_tag_pattern),
]
ObjectKey = Annotated[Text, Field(max_length=1024), checked(_object_key)]
BucketName = Annotated[
    str,
    matches(r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "a bucket's name: 3 to 63 of a-z, 0-9, `.` and -"),
]

SecretArn = Annotated[
    str,
    # CodeBuild accepts a name or a full ARN, but no ARN without the six characters at its end.
    _account_wide_arn(
        "secretsmanager",
        r"secret:[A-Za-z0-9/_+=.@-]{1,512}-[A-Za-z0-9]{6}",
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:conviso-AbCdEf (with its six random characters)",
    ),
]
KmsKeyArn = Annotated[
    str,
    # Policies need the key's own ARN; that of an alias does not work there.
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
    # EventBridge cannot publish to a FIFO topic.
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
        rf"(?!(?i:aws:))(?!(?i:{STACK_TAG})$)[\w\s.:/=@+-]{{1,127}}",
        f"1 to 127 letters, digits, spaces and . : / = @ + - _, not aws:... and not {STACK_TAG}",
    ),
    checked(_printable),
]
TagValue = Annotated[
    str,
    matches(r"[\w\s.:/=@+-]{0,255}", "up to 255 letters, digits, spaces and . : / = @ + - _"),
    checked(_printable),
]
Tags = Annotated[dict[TagKey, TagValue], Field(max_length=49), checked(_same_key)]
"""The limits are CodeBuild's, the narrowest of all services: 127 characters for a key, 255 for a value, and 50 tags, of
which the stack's is one."""


A_REF = "must be a branch, refs/heads/..., refs/tags/... or a full commit"


def git_ref(value: str) -> str | None:
    """What is wrong with a git reference by the rules of `git check-ref-format`; None if nothing is."""
    parts = value.split("/")
    refused = (
        re.search(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{", value)
        or value.startswith("-")
        or value.endswith(".")
        or value in {"@", "HEAD"}
        or any(not part or part.startswith(".") or part.endswith(".lock") for part in parts)
    )
    return A_REF if refused else None
