"""The pages and plots that people look at: they read what the stages wrote."""
