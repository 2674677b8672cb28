"""Run one build of an integration on this machine: real git and client, simulated platform and Docker."""
