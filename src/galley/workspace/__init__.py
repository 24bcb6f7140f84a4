"""The parts of a workspace, by what they do; `galley.desk` joins them."""
