"""`notifications`: who hears of builds that end."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from .fields import Section, TopicArn, choice, derived_default, matches, refusal
from .stack_outputs import OrOutput


class BuildState(StrEnum):
    """How a build ended: `failed` stands for a fault of AWS and a time-out too."""

    FAILED = "failed"
    STOPPED = "stopped"
    SUCCEEDED = "succeeded"


Email = Annotated[
    str,
    matches(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", "an e-mail address"),
]


class NotificationSettings(Section):
    """Who hears of builds: people by e-mail, through a topic that the stack makes, or a topic of yours."""

    emails: list[Email] | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="E-mail addresses; each must confirm its subscription through a link in the first e-mail",
    )
    topic_arn: OrOutput[TopicArn] | None = Field(default=None, description="Your own SNS topic, instead of `emails`")
    states: list[Annotated[BuildState, choice(BuildState)]] = Field(
        default=[BuildState.FAILED, BuildState.STOPPED],
        min_length=1,
        max_length=3,
        description="Results that are reported; a build that timed out counts as failed",
        json_schema_extra=derived_default("`failed` and `stopped`"),
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.emails is None) == (self.topic_arn is None):
            raise refusal(f"must have either emails or topicArn; got {'neither' if self.emails is None else 'both'}")
        for name, values in (("emails", self.emails or []), ("states", self.states)):
            if len(set(values)) < len(values):
                raise refusal("must not name anything twice", name)
        return self
