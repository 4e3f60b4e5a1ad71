"""Files from other systems, read strictly and played back through the rules. `docs/importing.md` has the format."""
