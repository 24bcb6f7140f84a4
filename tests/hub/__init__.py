"""A small Hub on the loopback, for unmodified clients: publishing is tested against it."""
