"""Accounts on their way from one region to another."""
