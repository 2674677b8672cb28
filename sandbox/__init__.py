"""An AWS account in memory: runs the program without a Pulumi CLI, an AWS account or a network."""

from sandbox.graph import Refusal, Resource, Result, SandboxError
from sandbox.run import run

__all__ = ["Refusal", "Resource", "Result", "SandboxError", "run"]
