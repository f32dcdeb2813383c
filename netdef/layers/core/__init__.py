"""What layers share: the base class, the registry, shapes, fillers, checks."""
