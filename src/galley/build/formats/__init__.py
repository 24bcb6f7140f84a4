"""Files that hold articles in other ways: feeds, tables, archives, packed ones."""
