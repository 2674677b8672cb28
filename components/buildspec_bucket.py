"""A bucket for the stack's buildspecs, with one object for each different text."""

# pulumi_aws.s3 takes 0.1 seconds to load and does so at its first use. Annotations must not be that use.
from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import s3

from . import buildspec
from .aws.names import BUCKET_PREFIX_LENGTH, BUILDSPECS, STACK_TAG, name_prefix
from .config import BucketBuildspec
from .private_bucket import make_private_bucket

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .aws.location import AwsLocation
    from .config import StackSettings


class BuildspecBucket(pulumi.ComponentResource):
    """A private bucket with one object for each different text, named by the text's hash.

    Objects have no tags: S3 allows ten on an object, and a stack may have more. The bucket's tags say whose they are.
    An object is never overwritten. A changed text is a new object, and the old one is deleted once no project uses it.
    """

    bucket_name: pulumi.Output[str]
    """Name of the bucket, known once it is private."""

    def __init__(
        self,
        name: str,
        texts: Iterable[str],
        *,
        stack: str,
        location: AwsLocation,
        tags: Mapping[str, str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make everything under this component.

        Args:
            name: Prefix of every resource.
            texts: The buildspecs of all projects of the stack; equal texts share one object.
            stack: Name of the stack, which is part of the bucket's name.
            location: Account and region of the bucket. CodeBuild reads buildspecs only from the project's region.
            tags: Tags of the bucket.
            opts: Options of the component. Its children get nothing from them but their parent.

        """
        super().__init__("conviso:index:BuildspecBucket", name, {}, opts)
        self._location = location
        child, logical_name = pulumi.ResourceOptions(parent=self), f"{name}-{BUILDSPECS}"
        prefix = name_prefix(stack, BUILDSPECS, BUCKET_PREFIX_LENGTH)
        bucket, protections = make_private_bucket(logical_name, prefix, {**(tags or {}), STACK_TAG: stack}, child)
        in_force = pulumi.Output.all(bucket.id, *(each.urn for each in protections))
        self.bucket_name = in_force.apply(lambda made: str(made[0]))
        self._objects = {
            key: s3.BucketObjectv2(
                f"{name}-{key}",
                bucket=self.bucket_name,
                key=key,
                content=text,
                content_type="application/yaml",
                opts=child,
            )
            for key, text in sorted({_key(text): text for text in texts}.items())
        }
        self.register_outputs({"bucket_name": self.bucket_name})

    def arn_of(self, text: str) -> pulumi.Output[str]:
        """ARN of the object that holds the text, known once the object exists.

        Raises KeyError if the bucket was made without that text.
        """
        # A preview knows the bucket's name and the key, and so shows a changed text as one changed line per project.
        made, location = self._objects[_key(text)], self._location
        return pulumi.Output.all(made.bucket, made.key).apply(lambda names: f"{location.s3_arn(names[0])}/{names[1]}")


def make_buildspec_bucket(settings: StackSettings, stack: str, location: AwsLocation) -> BuildspecBucket | None:
    """Make the bucket for the integrations that keep their buildspec in it; None if there are none."""
    texts = [
        text
        for each in settings.integrations.values()
        if isinstance(each.buildspec, BucketBuildspec)
        for text in buildspec.texts(each)
    ]
    return BuildspecBucket("conviso", texts, stack=stack, location=location, tags=settings.tags) if texts else None


def _key(text: str) -> str:
    return f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.yml"
