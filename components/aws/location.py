"""The account, region and partition of a stack."""

from dataclasses import dataclass

_CONSOLES = {"aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com"}


@dataclass(frozen=True, kw_only=True)
class AwsLocation:
    """One account and region of one partition."""

    partition: str
    """Such as `aws`, `aws-cn` or `aws-us-gov`."""
    dns_suffix: str
    """Domain of the partition's endpoints, such as `amazonaws.com`."""
    region: str
    account: str

    def arn(self, service: str, resource: str) -> str:
        """ARN of a resource of this account and region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def s3_arn(self, bucket: str, key: str | None = None) -> str:
        """ARN of a bucket, or of the objects at `key` in it."""
        return f"arn:{self.partition}:s3:::{bucket}" + (f"/{key}" if key is not None else "")

    def endpoint(self, service: str) -> str:
        """Host name of a service in this region, as in `kms:ViaService`."""
        return f"{service}.{self.region}.{self.dns_suffix}"

    def console_url(self, project_name: str) -> str:
        """The build project's page in the AWS console."""
        console = _CONSOLES.get(self.partition, "console.aws.amazon.com")
        path = f"codesuite/codebuild/{self.account}/projects/{project_name}"
        return f"https://{self.region}.{console}/{path}?region={self.region}"
