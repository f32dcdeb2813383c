"""Tests run one process a core, so each keeps to one thread: nets this small only lose by sharing."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
