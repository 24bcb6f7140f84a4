"""Likely mistakes in what people left, ranked."""
