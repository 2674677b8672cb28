"""`logs`: where build logs go and how long they stay."""

from typing import Annotated

from pydantic import Field

from .choices import LogDestination
from .fields import BucketName, KmsKeyArn
from .section import Section, choice, matches

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""What CloudWatch Logs offers."""


class Logs(Section):
    """Where build logs go: CloudWatch, S3, or both; never nowhere."""

    destination: Annotated[LogDestination, choice(LogDestination)] = Field(
        default=LogDestination.CLOUDWATCH, description="Where build logs go"
    )
    retention_days: int | None = Field(
        default=None,
        ge=1,
        le=36_500,
        description="Days until logs expire [365]; for CloudWatch one that it offers",
    )
    kms_key_arn: KmsKeyArn | None = Field(default=None, description="Customer key of the log group")
    bucket: BucketName | None = Field(default=None, description="Your bucket for S3 logs [one is made]")
    prefix: Annotated[str, matches(r"[A-Za-z0-9][A-Za-z0-9!_.'()/-]{0,127}", "a prefix of S3 keys")] | None = Field(
        default=None, description="Prefix of the logs' keys in S3 [the build project's name]"
    )

    @property
    def to_cloudwatch(self) -> bool:
        """Whether there is a log group."""
        return self.destination is not LogDestination.S3

    @property
    def to_s3(self) -> bool:
        """Whether there are logs in a bucket."""
        return self.destination is not LogDestination.CLOUDWATCH

    @property
    def days(self) -> int:
        """Days that logs are kept; 365 where nothing was chosen."""
        return self.retention_days or 365
