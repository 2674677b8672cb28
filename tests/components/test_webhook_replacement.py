"""When a webhook is replaced, because the host would otherwise keep the old one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.components.building import WEBHOOK, build
from tests.config import samples
from tests.config.samples import settings, short

REPLACES_THE_WEBHOOK = [
    ("github", {"source": {"repository": "https://github.com/acme/other.git"}}),
    ("github", {"source": {"auth": {"connectionArn": samples.CONNECTION}}}),
    ("github", {"source": {"auth": {"tokenSecretArn": samples.TOKEN}}}),
    ("github-enterprise", {}),
]
KEEPS_THE_WEBHOOK = [
    {"source": {"version": "develop"}},
    {"source": {"submodules": True}},
    {"review": {"strategy": "tags-by-time"}},
    {"triggers": {"push": {"filePaths": ["src/**"]}}},
    {"triggers": {"tags": "v*"}},
    {"triggers": {"releases": True}},
    {"environment": {"timeoutMinutes": 5}},
    {"logs": {"destination": "both"}},
    {"secret": {"existingArn": samples.SECRET}},
    {"tags": {"a": "b"}},
]


def replacement_trigger(provider: str = "github", **choices: Any) -> Any:
    """Return the replacement trigger of the webhook."""
    return build(settings(provider, **choices)).one(WEBHOOK).replacement_trigger


@pytest.mark.parametrize(("provider", "choices"), REPLACES_THE_WEBHOOK, ids=short)
def test_a_webhook_is_replaced_when_its_repository_login_or_provider_changes(
    provider: str, choices: dict[str, Any]
) -> None:
    """Without this, the old repository keeps the webhook, and the new one starts no builds."""
    assert replacement_trigger(provider, **choices) != replacement_trigger()


def test_a_webhook_is_replaced_when_another_kind_of_host_has_the_same_url() -> None:
    """Without the provider in the trigger, the project keeps a webhook of the wrong kind."""
    repository = "https://git.acme.example/acme/shop-api.git"
    providers = ("github-enterprise", "gitlab-self-managed")

    triggers = [replacement_trigger(provider, source={"repository": repository}) for provider in providers]
    assert triggers[0] != triggers[1]


@pytest.mark.parametrize("choices", KEEPS_THE_WEBHOOK, ids=short)
def test_a_webhook_is_not_replaced_when_anything_else_changes(choices: dict[str, Any]) -> None:
    """Without this, every change of settings interrupts the delivery of events."""
    assert replacement_trigger(**choices) == replacement_trigger()


def test_a_webhook_is_deleted_before_its_replacement_is_created() -> None:
    """Without this, AWS refuses the replacement, since a project has one webhook at most."""
    assert build(settings()).one(WEBHOOK).delete_before_replace
