"""The contract: what a record is, and everything that is derived from it."""
