"""Physical names. They begin with `conviso-<stack>-`, so that one prefix finds and bounds what a stack owns."""

STACK_TAG = "conviso:stack"
"""The tag that every taggable resource carries; its value is the stack's name."""

# The provider appends 26 characters of its own to a prefix:
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role#name_prefix-1
ROLE_PREFIX_LENGTH = RULE_PREFIX_LENGTH = SCHEDULE_PREFIX_LENGTH = 38
"""Characters. IAM, EventBridge and its Scheduler allow 64."""
QUEUE_PREFIX_LENGTH = 54
"""Characters. SQS allows 80."""
TOPIC_PREFIX_LENGTH = 230
"""Characters. SNS allows 256."""
BUCKET_PREFIX_LENGTH = 37
"""Characters. S3 allows 63."""

MAX_STACK_LENGTH = BUCKET_PREFIX_LENGTH - len("conviso--")
"""Characters of a stack's name. With more, `conviso-<stack>-` would not fit into the shortest prefix."""

BUILDSPECS = "buildspecs"
"""What follows `conviso-<stack>-` in the name of the bucket for buildspecs."""

PULL_REQUESTS_SUFFIX = "-pr"
"""What follows the build project's name in the name of the project that reviews pull requests."""


def stack_prefix(stack: str) -> str:
    """The prefix of all physical names of the stack except the secret's, and except chosen names."""
    return f"conviso-{stack}-"


def project_name(stack: str, integration: str, chosen: str | None = None) -> str:
    """Name of an integration's build project: the chosen one, or `conviso-<stack>-<integration>`.

    The provider does not complete it: the trust policy and the log group contain it before the project exists.
    """
    return chosen or f"{stack_prefix(stack)}{integration}"


def pull_requests_project_name(project: str) -> str:
    """Name of the project that reviews an integration's pull requests, from the name of its first project."""
    return f"{project}{PULL_REQUESTS_SUFFIX}"


def log_group_name(project: str) -> str:
    """Name of a project's log group, which is the one that CodeBuild would choose itself."""
    return f"/aws/codebuild/{project}"


def log_prefix(prefix: str | None, project: str) -> str:
    """Prefix of the logs' keys in S3. It ends in the project's name: no role can write another project's logs."""
    return f"{prefix.rstrip('/')}/{project}" if prefix else project


def secret_name(stack: str) -> str:
    """Name of the stack's secret unless the configuration chooses one."""
    return f"conviso/{stack}"


def name_prefix(stack: str, logical_name: str, length: int) -> str:
    """Prefix of a name that the provider completes: `conviso-<stack>-<logical name>-`, cut to `length` characters."""
    return f"{stack_prefix(stack)}{logical_name}"[: length - 1].rstrip("-") + "-"
