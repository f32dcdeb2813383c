"""The facts of a layer in a drawing."""

from __future__ import annotations

import pytest
from google.protobuf import text_format

from dsd.drawing.layer_text import layer_facts
from netdef.schema.messages import LayerParameter


@pytest.mark.parametrize("text, facts", [
    ('type: "Convolution" convolution_param { num_output: 3 kernel_h: 5 kernel_w: 1 pad: 0 engine: CUDNN '
     "bias_term: false weight_filler { type: 'msra' } }",
     "num_output 3, bias_term false, pad 0, kernel_h 5, kernel_w 1"),
    ('type: "Convolution" convolution_param { num_output: 3 kernel_size: 5 kernel_size: 1 }',
     "num_output 3, kernel_size 5 1"),
    ('type: "Pooling" pooling_param { kernel_size: 3 }', "kernel_size 3, pool MAX"),
    ('type: "Pooling" pooling_param { pool: AVE global_pooling: true }', "pool AVE, global_pooling true"),
    ('type: "Dropout"', "dropout_ratio 0.5"),
    ('type: "Eltwise" eltwise_param { coeff: 1 coeff: -0.1 }', "coeff 1 -0.1, operation SUM"),
    ('type: "Data" transform_param { crop_size: 27 } data_param { source: "a/b_lmdb" batch_size: 6 }',
     "crop_size 27, source a/b_lmdb, batch_size 6"),
    (f'type: "HDF5Data" hdf5_data_param {{ source: "{"a" * 40}/{"b" * 24}.txt" }}', f"source …a/{'b' * 24}.txt"),
    ('type: "InnerProduct" param { name: "w" lr_mult: 2 } param { lr_mult: 0 }', "param w"),
    ('type: "Mask" mask_param { sparsity: 0.3 bits: "\\001" }', "sparsity 0.3"),
])  # fmt: skip
def test_facts_are_the_scalars_of_a_layer(text: str, facts: str):
    assert ", ".join(layer_facts(text_format.Parse(text, LayerParameter()))) == facts
