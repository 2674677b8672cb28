"""Settings for all tests, which isolate them from the machine that they run on."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# Importing the S3 module of pulumi-aws warns that its V2 classes are deprecated. This program uses none of them.
_S3_V2_DEPRECATION = r"ignore:[\w./]+V2 has been deprecated:DeprecationWarning:pulumi_aws\.s3"

_PREFIXES = ("AWS_", "CONVISO_", "FLOW_", "PULUMI_")


# Each run tries the same examples, so that only a change can cause a failure. There is no deadline, as machines differ.
settings.register_profile(
    "repository", deadline=None, derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repository")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("filterwarnings", _S3_V2_DEPRECATION)


@pytest.fixture(autouse=True)
def _isolated_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the shell's credentials and configuration; `harness.run` itself isolates Pulumi's settings."""
    for name in list(os.environ):
        if name.startswith(_PREFIXES):
            monkeypatch.delenv(name)
    # By default, an Output in an f-string becomes a sentence of advice; this makes it an error instead.
    monkeypatch.setenv("PULUMI_ERROR_OUTPUT_STRING", "1")
