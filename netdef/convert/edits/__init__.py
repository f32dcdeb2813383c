"""Changes of a net on its way to another format, a module each."""
