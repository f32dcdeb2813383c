"""Every data layer this package knows: importing this file registers them all."""

from netdef.data.layers import (
    annotated_data,
    data,
    hdf5_data,
    image_data,
    memory_data,
    python_data,
    window_data,
)
