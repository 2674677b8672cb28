"""What the resources of one integration have in common."""

from dataclasses import dataclass

import pulumi

from .aws.location import AwsLocation
from .aws.names import STACK_TAG
from .config import IntegrationSettings
from .other_stacks import Values


@dataclass(frozen=True, kw_only=True)
class Context:
    """The integration and build project that a resource belongs to, and where in AWS it is made."""

    name: str
    """Prefix of logical names."""
    stack: str
    project_name: str
    """Of the build project."""
    settings: IntegrationSettings
    values: Values
    """Of the settings' fields that another stack may own."""
    location: AwsLocation
    parent: pulumi.Resource
    suffix: str = ""
    """What sets the logical names of an integration's second build project apart."""

    def logical_name(self, what: str) -> str:
        """Name of a resource in the program, such as `shop-role`."""
        return f"{self.name}-{what}{self.suffix}"

    @property
    def tags(self) -> dict[str, str]:
        """Tags of every taggable resource."""
        return {**self.settings.tags, STACK_TAG: self.stack}

    def options(self, *depends_on: pulumi.Resource) -> pulumi.ResourceOptions:
        """Options of a child that waits for other resources."""
        return pulumi.ResourceOptions(parent=self.parent, depends_on=list(depends_on))
