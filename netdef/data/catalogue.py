"""Every data layer this package knows: importing this file registers them all."""

from netdef.data import annotated, data, hdf5, memory  # noqa: F401
