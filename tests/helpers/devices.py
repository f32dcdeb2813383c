"""The devices that a recorded case is replayed on."""

from __future__ import annotations

import torch

DEVICES = ("cpu", "cuda") if torch.cuda.is_available() else ("cpu",)

# cuDNN rounds the operands of float32 convolutions to 10 bits by default, which the original never did.
torch.backends.cudnn.allow_tf32 = False
