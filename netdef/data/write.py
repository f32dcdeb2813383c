"""Writing databases and means that Caffe, and `Data`, read."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import TracebackType

import lmdb
import numpy as np

from netdef.data.datum import datum_array, parse_datum
from netdef.data.lmdb import LmdbRecords
from netdef.data.records import key_text
from netdef.errors import FileError, NetdefError
from netdef.files import atomic_write
from netdef.schema import messages
from netdef.schema.blobs import from_array

_PIECE = 32 << 20  # bytes of values in one transaction


class DatumWriter:
    """A new LMDB of datums, whole or not there: ``with DatumWriter("train_lmdb") as writer: writer.add(datum)``.

    The database is written beside its place under another name and moved there when the block ends well. It takes the
    space of its contents and has no lock file. Raises `FileError` where something lies already, and for what LMDB and
    the operating system refuse.
    """

    def __init__(self, path: str | os.PathLike[str]):
        self.path = Path(path)
        self.count = 0
        if self.path.exists():
            raise FileError(f"{self.path}: is there already; remove it or choose another name")
        self._temporary = self.path.with_name(f"{self.path.name}.{os.getpid()}.tmp")
        try:
            # Nobody else sees the folder yet and it is moved only when all is on the disk: no lock, no syncing.
            self._environment = lmdb.open(str(self._temporary), map_size=1 << 30, lock=False, sync=False)
        except (lmdb.Error, OSError) as error:
            raise FileError(f"{self.path}: cannot be written: {error}") from error
        self._items: list[tuple[bytes, bytes]] = []
        self._waiting = 0
        self._last = b""

    def add(self, datum: messages.Datum, key: str | None = None) -> None:
        """Append an item. Without a key it gets the next number, as eight digits, which keeps the order of adding."""
        name, value = (key if key is not None else f"{self.count:08}").encode(), datum.SerializeToString()
        self._items.append((name, value))
        self.count += 1
        self._waiting += len(value)
        if self._waiting >= _PIECE:
            self._write()

    def _write(self) -> None:
        while True:
            try:
                with self._environment.begin(write=True) as transaction:
                    last = self._last
                    for key, value in self._items:
                        # Appending fills pages to the brim.
                        if not transaction.put(key, value, append=key > last, overwrite=False):
                            raise FileError(f"{self.path}: two items have the key `{key_text((key, b''))}`")
                        last = max(key, last)
                self._last, self._items, self._waiting = last, [], 0
                return
            except lmdb.MapFullError:
                self._environment.set_mapsize(2 * self._environment.info()["map_size"])
            except lmdb.Error as error:
                raise FileError(f"{self.path}: cannot be written: {error}") from error

    def __enter__(self) -> DatumWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._write()
                self._environment.sync(True)
            self._environment.close()
            if kind is None:
                self._temporary.rename(self.path)
        except (lmdb.Error, OSError) as problem:
            raise FileError(f"{self.path}: cannot be written: {problem}") from problem
        finally:
            self._environment.close()
            shutil.rmtree(self._temporary, ignore_errors=True)


def database_mean(path: str | os.PathLike[str]) -> np.ndarray:
    """The mean image, float32 (C, H, W), of an LMDB whose images are of one size.

    Summed in float64 (compute_image_mean sums in float32). Raises `FileError` for what cannot be read or summed.
    """
    records = LmdbRecords(Path(path))
    total: np.ndarray | None = None
    count = 0
    for count, item in enumerate(records.walk(), 1):
        try:
            image = datum_array(parse_datum(item[1]))
            if total is None:
                total = np.zeros(image.shape, np.float64)
            if image.shape != total.shape:
                raise NetdefError(f"is of shape {image.shape}, the first item of {total.shape}")
        except NetdefError as error:
            raise FileError(f"{path}: item `{key_text(item)}` {error}") from error
        total += image
    records.close()
    if total is None:
        raise FileError(f"{path}: the database holds no items")
    return (total / count).astype(np.float32)


def write_mean(path: str | os.PathLike[str], mean: np.ndarray) -> None:
    """Write a mean image (C, H, W) as a ``.binaryproto``, in the four old dimensions that all of Caffe's tools read."""
    blob = from_array(mean)
    blob.ClearField("shape")
    blob.num, blob.channels, blob.height, blob.width = 1, *mean.shape
    with atomic_write(path) as file:
        file.write(blob.SerializeToString())
