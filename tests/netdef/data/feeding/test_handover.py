"""Objects with large arrays, handed from process to process."""

from __future__ import annotations

import os
import resource
import socket
from collections.abc import Iterator

import numpy as np
import pytest

from netdef.data.feeding import handover
from netdef.errors import NetdefError

Channels = tuple[socket.socket, socket.socket]


@pytest.fixture
def channels() -> Iterator[Channels]:
    ends = socket.socketpair()
    yield ends
    for end in ends:
        end.close()


def handles() -> int:
    """The number of open files in memory. Other threads may open and close files of other kinds."""
    links = (os.path.join("/proc/self/fd", name) for name in os.listdir("/proc/self/fd"))
    return sum(os.path.lexists(link) and "netdef-batch" in os.readlink(link) for link in links)


def passed(channels: Channels, value: object) -> object:
    handover.send(channels[0], handover.pack(value))
    return handover.receive(channels[1])


def test_arrays_of_all_kinds_arrive(channels: Channels):
    sent = {
        "image": np.arange(2 * 3 * 5, dtype=np.uint8).reshape(2, 3, 5),
        "columns": np.arange(6.0).reshape(2, 3).T,
        "every second": np.arange(9, dtype=np.int64)[::2],
        "none": np.zeros((0, 4), np.float32),
        "number": np.float32(3),
        "words": ["a", 1],
    }
    found = passed(channels, sent)
    assert list(found) == list(sent) and found["words"] == ["a", 1]
    for name in ("image", "columns", "every second", "none", "number"):
        np.testing.assert_array_equal(found[name], sent[name], strict=True)


def test_arrays_can_be_written_to_and_outlive_their_sender(channels: Channels):
    sent = np.arange(10_000.0)
    found = passed(channels, sent)
    channels[0].close()
    found += 1
    np.testing.assert_array_equal(found, sent + 1)
    assert found.ctypes.data % 64 == 0


def test_objects_arrive_in_order_and_leave_no_handle(channels: Channels):
    passed(channels, 0)
    before = handles()
    for number in (1, 2, 3):
        handover.send(channels[0], handover.pack(number))
    assert [handover.receive(channels[1]) for _ in range(3)] == [1, 2, 3]
    assert handles() == before


def test_a_closed_sender_is_an_eof_error(channels: Channels):
    handover.send(channels[0], handover.pack("last"))
    channels[0].close()
    assert handover.receive(channels[1]) == "last"
    with pytest.raises(EOFError):
        handover.receive(channels[1])


def test_a_sender_closed_with_unread_data_is_an_error(channels: Channels):
    channels[1].sendall(b"request")
    channels[0].close()
    with pytest.raises((EOFError, ConnectionError)):
        handover.receive(channels[1])


def test_a_closed_receiver_is_a_connection_error(channels: Channels):
    channels[1].close()
    file = handover.pack(1)
    with pytest.raises(ConnectionError):
        handover.send(channels[0], file)
    assert file.closed


def test_too_many_open_files_is_an_os_error(channels: Channels, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "recv_fds", lambda *_: (b"f", [], socket.MSG_CTRUNC, None))
    with pytest.raises(OSError, match="Too many open files"):
        handover.receive(channels[1])


def test_too_little_memory_is_an_error_with_the_size(channels: Channels):
    before, limits = handles(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, limits[1]))
    try:
        with pytest.raises(NetdefError, match=r"^there is no memory to hand over 80,\d\d\d bytes: File too large$"):
            handover.pack(np.arange(10_000.0))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert handles() == before


def test_system_without_memfd(channels: Channels, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(os, "memfd_create")
    np.testing.assert_array_equal(passed(channels, np.arange(5)), np.arange(5))
