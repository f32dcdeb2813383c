"""Every data layer this package knows: importing this file registers them all."""

from netdef.data import annotated, data, hdf5, image_data, memory, python_data, window_data  # noqa: F401
