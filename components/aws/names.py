"""Physical names. Each begins with `conviso-<stack>-`, so that one prefix finds, and bounds, what a stack owns."""

STACK_TAG = "conviso:stack"
"""The tag that every taggable resource carries; its value is the stack's name."""

# The provider finishes a prefix with 26 characters of its own:
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role#name_prefix-1
ROLE_PREFIX_LENGTH = RULE_PREFIX_LENGTH = SCHEDULE_PREFIX_LENGTH = 38
"""Characters, of the 64 that IAM, EventBridge and its Scheduler allow."""
QUEUE_PREFIX_LENGTH = 54
"""Characters, of the 80 that SQS allows."""
TOPIC_PREFIX_LENGTH = 230
"""Characters, of the 256 that SNS allows."""
BUCKET_PREFIX_LENGTH = 37
"""Characters, of the 63 that S3 allows."""

MAX_STACK_LENGTH = BUCKET_PREFIX_LENGTH - len("conviso--")
"""Characters of a stack's name that leave `conviso-<stack>-` whole in the shortest prefix."""

BUILDSPECS = "buildspecs"
"""What follows `conviso-<stack>-` in the name of the bucket for buildspecs."""

PULL_REQUESTS_SUFFIX = "-pr"
"""What follows the build project's name in the name of the project that reviews pull requests."""


def stack_prefix(stack: str) -> str:
    """How every physical name of the stack begins, but the secret's."""
    return f"conviso-{stack}-"


def project_name(stack: str, integration: str, chosen: str | None = None) -> str:
    """Name of the build project, unless another is chosen for it.

    Fixed, because the role's trust and the log group name the project before it exists.
    """
    return chosen or f"{stack_prefix(stack)}{integration}"


def pull_requests_project_name(project: str) -> str:
    """Name of the build project that reviews the pull requests of an integration, beside the one given."""
    return f"{project}{PULL_REQUESTS_SUFFIX}"


def log_group_name(project: str) -> str:
    """Name of the project's log group: the one that CodeBuild itself would choose."""
    return f"/aws/codebuild/{project}"


def log_prefix(prefix: str | None, project: str) -> str:
    """Prefix of the logs' keys in their bucket: it ends in the project's, so that no role reaches another's logs."""
    return f"{prefix.rstrip('/')}/{project}" if prefix else project


def secret_name(stack: str) -> str:
    """Name of the stack's secret where the configuration chooses none."""
    return f"conviso/{stack}"


def name_prefix(stack: str, logical_name: str, length: int) -> str:
    """Prefix of a name that the provider finishes: `conviso-<stack>-<logical name>-`, cut to `length` characters."""
    return f"{stack_prefix(stack)}{logical_name}"[: length - 1].rstrip("-") + "-"
