"""Text dumps of pages: layouts, and what each line of a page is."""
