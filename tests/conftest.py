"""What holds for all tests: nothing of the surrounding machine reaches them."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# pulumi-aws announces, whenever its S3 module is imported, that the V2 classes in it are deprecated. We use none.
_OLD_S3_CLASSES = r"ignore:[\w./]+V2 has been deprecated:DeprecationWarning:pulumi_aws\.s3"

_AMBIENT = ("AWS_", "CONVISO_", "FLOW_", "PULUMI_")


# The same examples in each run, so that a failure is the fault of a change. No deadline: machines differ.
settings.register_profile(
    "repository", deadline=None, derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repository")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("filterwarnings", _OLD_S3_CLASSES)


@pytest.fixture(autouse=True)
def _hermetic(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither credentials nor configuration of the shell; Pulumi's settings are private to each `harness.run`."""
    for name in list(os.environ):
        if name.startswith(_AMBIENT):
            monkeypatch.delenv(name)
    # An Output in an f-string would otherwise become a sentence of advice inside of a name.
    monkeypatch.setenv("PULUMI_ERROR_OUTPUT_STRING", "1")
