"""One build of an integration, run on this machine: real git and client, stand-ins of platform and Docker."""
