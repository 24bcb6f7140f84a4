"""Galley: raw pages become records, people correct them, releases publish them."""

__version__ = "0.1.0"
