"""How the engine's laws are hunted."""

from hypothesis import settings

# The machine may be shared and slow; a law is broken by a wrong figure, never by a late one.
settings.register_profile("engine", deadline=None, max_examples=60)
settings.load_profile("engine")
