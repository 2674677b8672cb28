"""The sandbox: an AWS account in memory."""
