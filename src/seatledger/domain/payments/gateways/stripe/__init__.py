"""Stripe as a gateway, through its official library. README.md says what is peculiar about it."""
