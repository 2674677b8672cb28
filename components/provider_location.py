"""The check that a component's provider works at the location that the program gives."""

import pulumi

from .aws.location import AwsLocation


def confirmed(arn: pulumi.Output[str], service: str, location: AwsLocation) -> pulumi.Output[str]:
    """The ARN of a new resource, once it is clear that the resource was made at `location`.

    Policies and names are built from `location` and would match nothing if the resources were made elsewhere. The
    preview of a new resource does not know its ARN yet, so it cannot detect this.

    Raises RunError as soon as the ARN is known and has another account, region or partition.
    """
    expected = location.arn(service, "")

    def check(known: str) -> str:
        # The mocks of unit tests often return no ARN.
        if known and not known.startswith(expected):
            raise pulumi.RunError(
                f"`location` says {expected}..., but the provider made {known}: pass the location that "
                "`current_location` returns for the provider of this component"
            )
        return known

    return arn.apply(check)
