"""Data: layers that read it, databases, images, importers of other formats."""
