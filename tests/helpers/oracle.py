"""Where the recorded outputs of the original Caffe lie."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
SHARED = TESTS.parent.parent / "shared"  # the development data: all of golden/, corpus/ and data/


def golden_cases(kind: str) -> list[Path]:
    """Folders of the recorded cases of a kind: all of them in development, the shipped third in a user's clone."""
    for root in (SHARED / "golden" / kind, TESTS / "golden" / kind):
        if root.is_dir():
            return sorted(p for p in root.iterdir() if p.is_dir())
    return []


def shared(path: str) -> Path:
    """A file of the development data; the test is skipped where it is missing."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"needs the development data: {path}")
    return found
