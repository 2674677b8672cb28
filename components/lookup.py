"""Ask AWS where the stack lives."""

import pulumi
import pulumi_aws as aws

from components.place import Place


def current_place(opts: pulumi.InvokeOptions | None = None) -> Place:
    """Account, region and partition of the provider in use."""
    identity, partition, region = (
        aws.get_caller_identity(opts=opts),
        aws.get_partition(opts=opts),
        aws.get_region(opts=opts),
    )
    return Place(
        partition=partition.partition,
        dns_suffix=partition.dns_suffix,
        region=region.region,
        account=identity.account_id,
    )
