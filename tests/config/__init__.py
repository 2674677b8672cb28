"""Tests of `components/config`: what a stack may say, and what it is told when it is wrong."""
