"""Conviso AppSec reviews from AWS CodeBuild, as Pulumi components.

A file of this package makes resources; a folder holds plain values and imports without Pulumi.
"""
