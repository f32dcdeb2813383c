"""The mask policies, a class and a module each."""
