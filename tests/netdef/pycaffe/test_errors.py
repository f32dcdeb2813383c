"""Errors of a user's layers pass through; others stay."""

from __future__ import annotations

import pytest

from netdef.errors import FileError, NetdefError
from netdef.pycaffe.errors import own_exceptions


def test_the_cause_is_raised_in_place_of_the_error():
    own = KeyError("lost")
    with pytest.raises(KeyError) as caught, own_exceptions():
        raise NetdefError("layer `l` raised KeyError") from own
    assert caught.value is own and getattr(own, "__notes__", ["layer `l` raised KeyError"]) == ["layer `l` raised KeyError"]


@pytest.mark.parametrize("error, cause", [
    (NetdefError("no cause"), None), (FileError("w: is damaged"), OSError()), (NetdefError("outer"), NetdefError("inner"))])
def test_errors_of_the_project_are_raised_unchanged(error: NetdefError, cause: Exception | None):
    with pytest.raises(NetdefError) as caught, own_exceptions():
        raise error from cause
    assert caught.value is error
