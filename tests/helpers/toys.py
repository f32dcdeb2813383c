"""A small solver with everything in it that makes resuming hard: dropout, batch statistics, shuffled data, phases."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np

PHASES = """
    dsd_phase { name: "dense" max_iter: 5 }
    dsd_phase { name: "sparse" max_iter: 4 sparsity: 0.3 layer { name: "ip2" sparsity: 0.5 } base_lr: 0.02 }
    dsd_phase { name: "re-dense" max_iter: 3 base_lr: 0.01 }
"""

NET = """
    name: "toy"
    layer { name: "data" type: "HDF5Data" top: "data" top: "label" include { phase: TRAIN }
            hdf5_data_param { source: "train.txt" batch_size: 6 shuffle: true } }
    layer { name: "data" type: "HDF5Data" top: "data" top: "label" include { phase: TEST }
            hdf5_data_param { source: "train.txt" batch_size: 5 } }
    layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
            convolution_param { num_output: 4 kernel_h: 3 kernel_w: 2 bias_term: false weight_filler { type: "msra" } } }
    layer { name: "bn" type: "BatchNorm" bottom: "conv" top: "conv" }
    layer { name: "scale" type: "Scale" bottom: "conv" top: "conv" scale_param { bias_term: true } }
    layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
    layer { name: "conv2" type: "Convolution" bottom: "conv" top: "conv2"
            convolution_param { num_output: 5 kernel_size: 2 weight_filler { type: "msra" } } }
    layer { name: "ip1" type: "InnerProduct" bottom: "conv2" top: "ip1"
            inner_product_param { num_output: 9 weight_filler { type: "xavier" } } }
    layer { name: "drop" type: "Dropout" bottom: "ip1" top: "ip1" }
    layer { name: "ip2" type: "InnerProduct" bottom: "ip1" top: "ip2" param { lr_mult: 1 } param { lr_mult: 2 decay_mult: 0 }
            inner_product_param { num_output: 3 weight_filler { type: "xavier" } } }
    layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip2" bottom: "label" top: "loss" }
    layer { name: "accuracy" type: "Accuracy" bottom: "ip2" bottom: "label" top: "accuracy" include { phase: TEST } }
"""

# Solver types with the options they take.
SOLVERS = {
    "SGD": "base_lr: 0.1 momentum: 0.9",
    "Nesterov": "base_lr: 0.1 momentum: 0.9",
    "AdaGrad": "base_lr: 0.05",
    "RMSProp": "base_lr: 0.01 rms_decay: 0.9",
    "AdaDelta": "base_lr: 1 momentum: 0.9 delta: 1e-6",
    "Adam": "base_lr: 0.01 momentum: 0.9 momentum2: 0.99",
}


def toy(folder: Path, *, type: str = "SGD", phases: str = PHASES, net: str = NET, more: str = "") -> Path:
    """Write net, data and solver into a folder; the solver's path. ``more`` goes into the solver."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(3)
    labels = random.integers(0, 3, 23)
    images = random.normal(size=(23, 2, 7, 6)) + labels[:, None, None, None]
    with h5py.File(folder / "train.h5", "w") as file:
        file["data"], file["label"] = images.astype(np.float32), labels.astype(np.float32)
    (folder / "train.txt").write_text(f"{folder / 'train.h5'}\n")
    (folder / "net.prototxt").write_text(net)
    solver = folder / "solver.prototxt"
    solver.write_text(f"""
        net: "net.prototxt" type: "{type}" {SOLVERS[type]} weight_decay: 0.001 lr_policy: "step" gamma: 0.5 stepsize: 2
        solver_mode: CPU random_seed: 5 snapshot_prefix: "{folder / 'run' / 'toy'}" {more} {phases}
    """)
    return solver
