"""Seatledger: a self-hosted licence and billing portal for software sold by the seat."""

__version__ = "0.1.0"
