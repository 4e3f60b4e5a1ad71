"""Webhooks: what happened, told to programs over HTTP as Standard Webhooks 1.0."""
