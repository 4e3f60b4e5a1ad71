"""A stand-in for Stripe over real HTTP, for tests alone. README.md says what it covers and what it does not."""
