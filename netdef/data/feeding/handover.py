"""Hand an object with large arrays from one process to another through shared memory.

The sender writes the object into a file in memory and sends the file's handle over a Unix socket; the receiver maps the
file, so that arrays are not copied. The memory has no name: the system frees it when both processes have closed it or
ended. It is written with ``write`` and not through a mapping: if there is too little, that is an OSError, no bus error.
"""

from __future__ import annotations

import errno
import mmap
import os
import pickle
import socket
import tempfile
from contextlib import suppress
from typing import Any, BinaryIO

from netdef.errors import NetdefError

_ALIGNMENT = 64  # bytes; arrays begin at multiples of it
_MARK = b"f"  # a handle travels beside at least one byte


def pack(value: object) -> BinaryIO:
    """Write ``value`` into a new file in memory. Raises `NetdefError` if there is too little memory for it."""
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    views = [buffer.raw() for buffer in buffers]
    index = pickle.dumps((head, [view.nbytes for view in views]))
    file = _memory_file()
    try:
        file.write(len(index).to_bytes(8, "little") + index)
        for view in views:
            file.seek(_aligned(file.tell()))
            file.write(view)
        file.flush()
    except OSError as error:
        with suppress(OSError):  # closing writes what is left, again without success
            file.close()
        size = len(index) + sum(view.nbytes for view in views)
        raise NetdefError(f"there is no memory to hand over {size:,} bytes: {error.strerror or error}") from error
    return file


def send(channel: socket.socket, file: BinaryIO) -> None:
    """Send a packed file, and close it. Raises ConnectionError if the receiver has closed its end."""
    try:
        socket.send_fds(channel, [_MARK], [file.fileno()])
    finally:
        file.close()


def receive(channel: socket.socket) -> Any:
    """Receive the next object. Its arrays lie in shared memory that is used nowhere else, and can be written to.

    Raises EOFError or ConnectionError if the sender has closed its end, TimeoutError after the socket's timeout.
    """
    mark, handles, _, _ = socket.recv_fds(channel, len(_MARK), 1)
    if not mark:
        raise EOFError("the sender has closed its end")
    if not handles:  # the system drops a handle beyond the process's limit
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    try:
        memory = memoryview(mmap.mmap(handles[0], 0))
    finally:
        os.close(handles[0])
    end = 8 + int.from_bytes(memory[:8], "little")
    head, sizes = pickle.loads(memory[8:end])
    views = []
    for size in sizes:
        start = _aligned(end)
        end = start + size
        views.append(memory[start:end])
    return pickle.loads(head, buffers=views)


def _memory_file() -> BinaryIO:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("netdef-batch"), "w+b")
    return tempfile.TemporaryFile(prefix="netdef-batch-")


def _aligned(place: int) -> int:
    return -(-place // _ALIGNMENT) * _ALIGNMENT
