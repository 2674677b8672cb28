"""What the resources of one integration have in common."""

from dataclasses import dataclass

import pulumi

from .aws.location import AwsLocation
from .aws.names import STACK_TAG
from .config import IntegrationSettings
from .other_stacks import Values


@dataclass(frozen=True, kw_only=True)
class Context:
    """The integration and the build project that a resource belongs to, and where in AWS it is made."""

    name: str
    """Prefix of logical names."""
    stack: str
    """Name of the stack."""
    project_name: str
    """Physical name of the build project."""
    settings: IntegrationSettings
    values: Values
    """The values of those fields of the settings that another stack may export."""
    location: AwsLocation
    parent: pulumi.Resource
    suffix: str = ""
    """Suffix of logical names, for the resources of an integration's second build project."""

    def logical_name(self, what: str) -> str:
        """Logical name of a resource, such as `shop-role`."""
        return f"{self.name}-{what}{self.suffix}"

    @property
    def tags(self) -> dict[str, str]:
        """Tags of every taggable resource."""
        return {**self.settings.tags, STACK_TAG: self.stack}

    def options(self, *depends_on: pulumi.Resource) -> pulumi.ResourceOptions:
        """Options of a child of the component that depends on these resources."""
        return pulumi.ResourceOptions(parent=self.parent, depends_on=list(depends_on))
