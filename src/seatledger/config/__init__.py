"""Wiring: the typed environment, the settings, the embedded database, the addresses and the processes."""
