"""Every data layer this package knows: importing this file registers them all."""

from netdef.data import data, hdf5, memory  # noqa: F401
