"""Whether the provider works where the program says that it does."""

import pulumi

from .aws.location import AwsLocation


def confirmed(arn: pulumi.Output[str], service: str, location: AwsLocation) -> pulumi.Output[str]:
    """The ARN of a new resource, once it shows that the resource was made in `location`.

    Policies and names are built from `location`; made elsewhere, they would fit nothing. A preview of a new resource
    knows no ARN and finds nothing wrong.

    Raises RunError, when the ARN is known, where its account, region or partition is another.
    """
    expected = location.arn(service, "")

    def check(known: str) -> str:
        # Mocks of unit tests often give no ARN.
        if known and not known.startswith(expected):
            raise pulumi.RunError(
                f"`location` says {expected}..., but the provider made {known}: pass the location that "
                "`current_location` finds with the provider of this component"
            )
        return known

    return arn.apply(check)
