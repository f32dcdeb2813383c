"""Draw a net as a graph."""
