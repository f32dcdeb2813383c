"""``caffe.io``: arrays to the messages of files and back, images, and their `Transformer`."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from types import ModuleType

import numpy as np

from netdef.errors import NetdefError
from netdef.pycaffe.images import load_image, oversample, resize_image
from netdef.pycaffe.transformer import Transformer
from netdef.schema import messages as caffe_pb2
from netdef.schema.blobs import blob_shape, from_array, to_array
from netdef.schema.messages import BlobProto, BlobProtoVector, Datum

__all__ = [
    "Transformer", "array_to_blobproto", "array_to_datum", "arraylist_to_blobprotovector_str", "blobproto_to_array",
    "blobprotovector_str_to_arraylist", "caffe_pb2", "datum_to_array", "load_image", "oversample", "resize_image"]


def __getattr__(name: str) -> ModuleType:
    """``caffe.io.skimage``, through which scripts reach scikit-image, if it is installed."""
    if name != "skimage":
        raise AttributeError(f"module `caffe.io` has no attribute `{name}`")
    importlib.import_module("skimage.io")
    return importlib.import_module("skimage")


def blobproto_to_array(blob: BlobProto, return_diff: bool = False) -> np.ndarray:
    """A blob's data, or its gradient, as a float64 array of its shape. Raises ValueError if numbers and shape disagree."""
    if return_diff:
        return np.array(blob.diff).reshape(blob_shape(blob))
    try:
        return to_array(blob).astype(np.float64)
    except NetdefError as error:
        raise ValueError(str(error)) from None


def array_to_blobproto(arr: np.ndarray, diff: np.ndarray | None = None) -> BlobProto:
    """An array, and a gradient of the same shape, as a message."""
    blob = from_array(arr)
    if diff is not None:
        blob.diff.extend(np.ravel(diff).astype(float).tolist())
    return blob


def arraylist_to_blobprotovector_str(arraylist: Iterable[np.ndarray]) -> bytes:
    """The bytes of a BlobProtoVector of arrays."""
    return BlobProtoVector(blobs=[array_to_blobproto(array) for array in arraylist]).SerializeToString()


def blobprotovector_str_to_arraylist(data: bytes) -> list[np.ndarray]:
    """The arrays in the bytes of a BlobProtoVector."""
    return [blobproto_to_array(blob) for blob in BlobProtoVector.FromString(data).blobs]


def array_to_datum(arr: np.ndarray, label: int | None = None) -> Datum:
    """An array (channels, height, width) as a datum: uint8 as bytes, all else as floats."""
    if arr.ndim != 3:
        raise ValueError(f"a datum holds an array of 3 axes, not of shape {arr.shape}")
    datum = Datum(**dict(zip(("channels", "height", "width"), arr.shape)))
    if arr.dtype == np.uint8:
        datum.data = arr.tobytes()
    else:
        datum.float_data.extend(arr.astype(float).ravel().tolist())
    if label is not None:
        datum.label = int(label)
    return datum


def datum_to_array(datum: Datum) -> np.ndarray:
    """A datum's values (channels, height, width): uint8, or float64 for floats. Its label is ``datum.label``."""
    values = np.frombuffer(datum.data, np.uint8).copy() if datum.data else np.array(datum.float_data, float)
    return values.reshape(datum.channels, datum.height, datum.width)
