"""The embedded Label Studio: an environment of its own, and a server on this machine."""
