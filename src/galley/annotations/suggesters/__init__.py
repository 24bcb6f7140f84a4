"""What proposes tags and entities: each suggester behind the same small interface."""
