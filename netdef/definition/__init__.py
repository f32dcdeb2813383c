"""Read a net's definition: filter its phase, rewrite old forms, place its masks."""
