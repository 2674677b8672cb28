"""Tests of `components/config`: what a stack file may contain, and which errors an invalid one gets."""
