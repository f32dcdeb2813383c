"""Numbers as text, and the palette of plots."""
