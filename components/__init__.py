"""Conviso AppSec reviews from AWS CodeBuild, as Pulumi components.

Modules directly in this package make resources. Its subpackages work on plain values and do not import Pulumi.
"""
