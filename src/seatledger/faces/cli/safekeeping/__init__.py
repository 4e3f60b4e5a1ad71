"""Copies of a whole database in one file, which any PostgreSQL of 15 or newer can be filled from."""
