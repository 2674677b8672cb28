"""Tests of the components: the resources that they create from settings."""
