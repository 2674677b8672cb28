"""Tests of the components: the resources that settings become."""
