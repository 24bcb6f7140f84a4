"""The command line: each command parses, makes one call to the library, and prints."""
