"""The first stage: read, extract, normalise, identify, write."""
