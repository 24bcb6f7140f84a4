"""What Galley is compared with. Each module is a program, run in an environment of its own."""
