"""The closed choices of the configuration."""

from enum import StrEnum


class Provider(StrEnum):
    """Who hosts the repository. Not CodePipeline: it hands the build an archive without `.git`."""

    CODECOMMIT = "codecommit"
    S3 = "s3"
    GITHUB = "github"
    GITHUB_ENTERPRISE = "github-enterprise"
    BITBUCKET = "bitbucket"
    GITLAB = "gitlab"
    GITLAB_SELF_MANAGED = "gitlab-self-managed"


class Strategy(StrEnum):
    """How deploys for code review are cut. `none` makes no deploy; it does not switch scans off."""

    TAGS_BY_TIME = "tags-by-time"
    TAGS_BY_VERSION = "tags-by-version"
    GIT_TREE = "git-tree"
    NONE = "none"

    @property
    def reads_tags(self) -> bool:
        """Whether deploys go from tag to tag."""
        return self in {Strategy.TAGS_BY_TIME, Strategy.TAGS_BY_VERSION}


class SastRange(StrEnum):
    """What SAST looks at. `last-commit` is what HEAD changed, not what the last push changed."""

    DEPLOY_RANGE = "deploy-range"
    REPOSITORY = "repository"
    LAST_COMMIT = "last-commit"
    NONE = "none"


class Severity(StrEnum):
    """Severity of a finding, as the Conviso client spells it, from the least to the most severe."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    CRITICAL = "CRITICAL"


class ClientPackage(StrEnum):
    """The command line that runs in the build. Only conviso-flowcli knows deploys."""

    FLOWCLI = "conviso-flowcli"
    AST = "conviso-ast"


class BuildspecLocation(StrEnum):
    """Where CodeBuild reads the buildspec. `inline` is in the project, out of a pull request's reach."""

    INLINE = "inline"
    REPOSITORY = "repository"


class LogDestination(StrEnum):
    """Where build logs go; there is no value for nowhere."""

    CLOUDWATCH = "cloudwatch"
    S3 = "s3"
    BOTH = "both"


class SecretValue(StrEnum):
    """Who writes the key into the secret: this program, this program without ever reading it back, or a person.

    `writeOnly` does not keep the key out of the stack's state: the engine records inputs, encrypted.
    """

    STATE = "state"
    WRITE_ONLY = "writeOnly"
    EXTERNAL = "external"


class ComputeType(StrEnum):
    """Build machines on x86 with Docker. Not Lambda (no Docker) and not the ARM types."""

    SMALL = "BUILD_GENERAL1_SMALL"
    MEDIUM = "BUILD_GENERAL1_MEDIUM"
    LARGE = "BUILD_GENERAL1_LARGE"
    XLARGE = "BUILD_GENERAL1_XLARGE"
    XXLARGE = "BUILD_GENERAL1_2XLARGE"
