"""The annotations stage: suggest, push, pull, merge."""
