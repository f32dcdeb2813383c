"""The data layers, a module each."""
