"""The account, region and partition of a stack."""

from dataclasses import dataclass

_CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
    "aws-eusc": "console.amazonaws-eusc.eu",
}
"""Hosts of the consoles by partition. Those of the isolated partitions (`aws-iso` and others) are not public."""


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

    @property
    def console(self) -> str | None:
        """Address of the region's AWS console; None in a partition whose console is not public."""
        host = _CONSOLES.get(self.partition)
        return host and f"https://{self.region}.{host}"

    def console_url(self, project_name: str) -> str | None:
        """The build project's page in the AWS console; None where the console is not public."""
        path = f"codesuite/codebuild/{self.account}/projects/{project_name}"
        return self.console and f"{self.console}/{path}?region={self.region}"
