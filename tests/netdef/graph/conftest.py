"""A net that several tests of passes use."""

from __future__ import annotations

import pytest
import torch
from small_nets import CONVOLUTION_AND_IP

import netdef


@pytest.fixture
def net() -> netdef.Net:
    """A net for images of (3, 5, 7)."""
    torch.manual_seed(3)
    return netdef.loads(CONVOLUTION_AND_IP)
