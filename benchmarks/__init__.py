"""How fast Galley is, beside others on the same files: `make bench`."""
