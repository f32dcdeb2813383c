"""Files are written completely or not at all."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from netdef.errors import FileError
from netdef.files import atomic_hdf5, atomic_write, check_target, one_or_more, remove_leftovers, temporary_beside


def test_a_new_file_replaces_the_old_one(tmp_path):
    path = tmp_path / "x.bin"
    path.write_bytes(b"old")
    with atomic_write(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
        assert Path(file.name).parent == tmp_path  # a rename works within one file system only
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["x.bin"]


def test_a_library_may_write_by_name(tmp_path):
    with atomic_write(tmp_path / "x.bin") as file:
        Path(file.name).write_bytes(b"by name")
    assert (tmp_path / "x.bin").read_bytes() == b"by name"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, error):
    path = tmp_path / "x.bin"
    path.write_bytes(b"old")
    with pytest.raises(error), atomic_write(path) as file:
        file.write(b"half")
        raise error
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["x.bin"]


def test_a_killed_process_leaves_the_old_file(tmp_path):
    path = tmp_path / "x.bin"
    path.write_bytes(b"old")
    code = (
        "import os, signal, sys\nfrom netdef.files import atomic_write\n"
        "with atomic_write(sys.argv[1]) as file:\n"
        "    file.write(b'half'); file.flush(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(path)], cwd=Path(__file__).parents[2])
    assert killed.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"old"
    assert len(os.listdir(tmp_path)) == 2  # what the process was writing
    with atomic_write(path) as file:
        file.write(b"new")
    assert os.listdir(tmp_path) == ["x.bin"]


def test_leftovers_of_others_stay(tmp_path):
    mine = Path(temporary_beside(tmp_path / "x.bin"))
    host, pid, _ = mine.name.removeprefix("x.bin.").split(".")
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    names = {
        f"x.bin.{host}.{dead.pid}.tmp": False, f"x.bin.{host}.{os.getppid()}.tmp": True, f"x.bin.other.{dead.pid}.tmp": True,
        f"y.bin.{host}.{dead.pid}.tmp": True, f"x.bin.{host}.{pid}.tmp": False, "x.bin.tmp": True}
    for name in names:
        (tmp_path / name).touch()
    remove_leftovers(str(tmp_path / "x.bin."))
    assert set(os.listdir(tmp_path)) == {name for name, stays in names.items() if stays}
    remove_leftovers(str(tmp_path / "x"), any_host=True)
    assert set(os.listdir(tmp_path)) == {f"y.bin.{host}.{dead.pid}.tmp", "x.bin.tmp"}


def test_a_link_is_followed(tmp_path):
    (tmp_path / "real.bin").write_bytes(b"old")
    (tmp_path / "link.bin").symlink_to("real.bin")
    with atomic_write(tmp_path / "link.bin") as file:
        file.write(b"new")
    assert (tmp_path / "link.bin").is_symlink()
    assert (tmp_path / "real.bin").read_bytes() == b"new"


def test_the_mode_is_that_of_any_new_file(tmp_path):
    with atomic_write(tmp_path / "a"), open(tmp_path / "b", "wb"):
        pass
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


def test_a_missing_folder_is_an_error(tmp_path):
    path = tmp_path / "none" / "x.bin"
    with pytest.raises(FileError, match=f"^{path}: cannot be written: No such file or directory$"):
        with atomic_write(path):
            raise AssertionError("never reached")


FULL = """
import resource, sys
import h5py, numpy as np
from netdef.errors import FileError
from netdef.files import atomic_hdf5
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    with atomic_hdf5(sys.argv[1], 40_000, 10) as file:
        for i in range(10):
            file.create_group(f"g{i}")["x"] = np.ones(1000, np.float32)
except FileError as error:
    print(error)
"""


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="room on the disk cannot be taken beforehand here")
@pytest.mark.parametrize("limit", [0, 100, 3000, 20_000, 50_000])
def test_hdf5_on_a_full_disk_is_an_error(tmp_path, limit):
    """libhdf5 ends the process if it cannot write; a limit on sizes stands for the full disk."""
    command = [sys.executable, "-c", FULL, str(tmp_path / "x.h5"), str(limit)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{tmp_path / 'x.h5'}: cannot be written: File too large\n"
    assert os.listdir(tmp_path) == []


def test_hdf5_takes_no_more_room_than_it_needs(tmp_path):
    with atomic_hdf5(tmp_path / "x.h5", 40_000, 1) as file:
        file["x"] = np.arange(10_000, dtype=np.float32)
    assert 40_000 < (tmp_path / "x.h5").stat().st_size < 43_000
    with h5py.File(tmp_path / "x.h5") as file:
        assert file["x"][-1] == 9_999


@pytest.mark.parametrize("name, said", [
    ("here.txt", "already exists; --force replaces it"),
    ("folder", "is a folder; name a file in it"),
    ("none/x.txt", "cannot be written: No such file or directory"),
    ("here.txt/x.txt", "cannot be written: Not a directory"),
])
def test_a_target_that_cannot_be_written_is_refused(tmp_path, name, said):
    (tmp_path / "here.txt").write_text("old")
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileError) as caught:
        check_target(tmp_path / name, force=False)
    assert str(caught.value) == f"{tmp_path / name}: {said}"
    assert sorted(os.listdir(tmp_path)) == ["folder", "here.txt"]


def test_a_target_that_can_be_written_is_not(tmp_path):
    (tmp_path / "here.txt").write_text("old")
    check_target(tmp_path / "here.txt", force=True)
    check_target(tmp_path / "new.txt", force=False)
    check_target(None, force=False)
    assert (tmp_path / "here.txt").read_text() == "old" and os.listdir(tmp_path) == ["here.txt"]


def test_a_target_in_a_folder_without_permission_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write anywhere
    with pytest.raises(FileError, match="x.txt: cannot be written: Permission denied"):
        check_target(tmp_path / "x.txt", force=False)


def test_one_item_needs_no_list():
    assert one_or_more("abc", "names are") == ("abc",) and one_or_more(Path("a/b"), "paths are") == (Path("a/b"),)
    assert one_or_more(["a", "b"], "names are") == ("a", "b") and one_or_more((), "names are") == ()
    for wrong in (3, {"a": 1}, None):
        with pytest.raises(TypeError, match=f"names are wanted, one or a list, not {type(wrong).__name__}"):
            one_or_more(wrong, "names are")
