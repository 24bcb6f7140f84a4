"""The releases: diff, version, split, card, datasheet, write, verify."""
