"""An AWS account in memory: runs the program without a Pulumi CLI, an AWS account or a network."""

from sandbox.graph import ConfigurationError, Problem, Resource, Result
from sandbox.run import run

__all__ = ["ConfigurationError", "Problem", "Resource", "Result", "run"]
