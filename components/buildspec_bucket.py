"""The stack's buildspecs in a bucket: one object for each text, however many projects read it."""

# pulumi_aws.s3, a tenth of a second to load, loads at its first use: an annotation must not be one.
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
    """A private bucket with one object for each text, named by the text's hash.

    Objects carry no tags: S3 allows an object ten, a stack may have more, and the bucket's tags tell whose they are.
    An object is never written again: another text is another object, and the old one goes once no project names it.
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
            texts: Every buildspec that a project of the stack reads; equal ones are one object.
            stack: Part of the bucket's name.
            location: Of the bucket: CodeBuild reads buildspecs from the project's own region only.
            tags: Of the bucket.
            opts: Of the component; children take only their parent from it.

        """
        super().__init__("conviso:index:BuildspecBucket", name, {}, opts)
        self._location = location
        child, logical_name = pulumi.ResourceOptions(parent=self), f"{name}-{BUILDSPECS}"
        prefix = name_prefix(stack, BUILDSPECS, BUCKET_PREFIX_LENGTH)
        bucket, guards = make_private_bucket(logical_name, prefix, {**(tags or {}), STACK_TAG: stack}, child)
        in_force = pulumi.Output.all(bucket.id, *(guard.urn for guard in guards))
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
        """ARN of the text's object, known once the object is there.

        Raises KeyError where the bucket was made without that text.
        """
        # From the bucket's name and the key, which a preview knows: a new text shows as the one line that it is.
        made, location = self._objects[_key(text)], self._location
        return pulumi.Output.all(made.bucket, made.key).apply(lambda names: f"{location.s3_arn(names[0])}/{names[1]}")


def make_buildspec_bucket(settings: StackSettings, stack: str, location: AwsLocation) -> BuildspecBucket | None:
    """The bucket with the texts of every integration that wants them there; None where none does."""
    texts = [
        text
        for each in settings.integrations.values()
        if isinstance(each.buildspec, BucketBuildspec)
        for text in buildspec.texts(each)
    ]
    return BuildspecBucket("conviso", texts, stack=stack, location=location, tags=settings.tags) if texts else None


def _key(text: str) -> str:
    return f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.yml"
