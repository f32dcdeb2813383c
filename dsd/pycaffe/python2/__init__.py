"""Scripts of Python 2: converted, with the modules, names and meanings that they expect."""
