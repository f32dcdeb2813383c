"""Wrong texts of nets and their exact error messages."""

import pytest

from netdef.definition.read import read_net_text
from netdef.errors import SpecError
from netdef.graph.link import link

NETS = {
    "unknown field": (
        "layer {\n  inner_product_param {\n    num_outputs: 10\n  }\n}",
        """
n:3:5: InnerProductParameter has no field `num_outputs`; did you mean `num_output`?
    3 |     num_outputs: 10
      |     ^~~~~~~~~~~
1 problem in n
""",
    ),
    "unknown field like no other": (
        "layer { zzz: 1 }",
        """
n:1:9: LayerParameter has no field `zzz`
    1 | layer { zzz: 1 }
      |         ^~~
1 problem in n
""",
    ),
    "field of 2014 in a layer of today": (
        'layer { type: "ReLU" blobs_lr: 1 }',
        """
n:1:22: LayerParameter has no field `blobs_lr`; it belongs in the old `layers`, not in `layer`
    1 | layer { type: "ReLU" blobs_lr: 1 }
      |                      ^~~~~~~~
1 problem in n
""",
    ),
    "unknown enum value": (
        "layer { pooling_param { pool: AVG } }",
        """
n:1:31: `pool` wants one of `MAX`, `AVE`, `STOCHASTIC`, `AVE_EXC_PAD`, `AVE_TF`, `MIN`, found `AVG`; did you mean `AVE`?
    1 | layer { pooling_param { pool: AVG } }
      |                               ^~~
1 problem in n
""",
    ),
    "enum of many values": (
        'layers { type: "InnerProduct" }',
        """
n:1:16: `type` wants a name of LayerType, found `"InnerProduct"`; did you mean `INNER_PRODUCT`?
    1 | layers { type: "InnerProduct" }
      |                ^~~~~~~~~~~~~~
1 problem in n
""",
    ),
    "values of the wrong type": (
        'name: 5\nforce_backward: yes\nlayer {\n  name: conv\n  loss_weight: "1"\n  relu_param: 3\n'
        "  pooling_param { stride { } }\n}",
        """
n:1:7: `name` wants a string in quotes (UTF-8), found `5`
    1 | name: 5
      |       ^
n:2:17: `force_backward` wants `true` or `false`, found `yes`
    2 | force_backward: yes
      |                 ^~~
n:4:9: `name` wants a string in quotes (UTF-8), found `conv`
    4 |   name: conv
      |         ^~~~
n:5:16: `loss_weight` wants a number in the range of float, found `"1"`
    5 |   loss_weight: "1"
      |                ^~~
n:6:15: `relu_param` wants a block `{ ... }`, found `3`
    6 |   relu_param: 3
      |               ^
n:7:19: `stride` wants a whole number from 0 to 4294967295, found a block
    7 |   pooling_param { stride { } }
      |                   ^~~~~~
6 problems in n
""",
    ),
    "numbers out of range": (
        "layer { convolution_param { num_output: -1 pad: 4294967296 kernel_size: 3.5 axis: 9999999999 } }",
        """
n:1:41: `num_output` wants a whole number from 0 to 4294967295, found `-1`
    1 | layer { convolution_param { num_output: -1 pad: 4294967296 kernel_size: 3.5 axis: 9999999999 } }
      |                                         ^~
n:1:49: `pad` wants a whole number from 0 to 4294967295, found `4294967296`
    1 | layer { convolution_param { num_output: -1 pad: 4294967296 kernel_size: 3.5 axis: 9999999999 } }
      |                                                 ^~~~~~~~~~
n:1:73: `kernel_size` wants a whole number from 0 to 4294967295, found `3.5`
    1 | layer { convolution_param { num_output: -1 pad: 4294967296 kernel_size: 3.5 axis: 9999999999 } }
      |                                                                         ^~~
n:1:83: `axis` wants a whole number from -2147483648 to 2147483647, found `9999999999`
    1 | layer { convolution_param { num_output: -1 pad: 4294967296 kernel_size: 3.5 axis: 9999999999 } }
      |                                                                                   ^~~~~~~~~~
4 problems in n
""",
    ),
    "given twice": (
        'layer {\n  name: "a"\n  name: "b"\n}',
        """
n:3:3: `name` is given twice, and LayerParameter has one
    3 |   name: "b"
      |   ^~~~
   note: n:2:3: it is given here first
1 problem in n
""",
    ),
    "a list for one value": (
        "layer { inner_product_param { num_output: [2, 3] } }",
        """
n:1:31: `num_output` takes one value, not a list
    1 | layer { inner_product_param { num_output: [2, 3] } }
      |                               ^~~~~~~~~~
1 problem in n
""",
    ),
    "a list without anything for one value": (
        "layer { name: [] bottom: [] nam: [] }",
        """
n:1:9: `name` takes one value, not a list
    1 | layer { name: [] bottom: [] nam: [] }
      |         ^~~~
n:1:29: LayerParameter has no field `nam`; did you mean `name`?
    1 | layer { name: [] bottom: [] nam: [] }
      |                             ^~~
2 problems in n
""",
    ),
    "lists of the wrong kind": (
        "layer { input_param { shape: [1, 3, 8] dims: [1, 3, 8] } loss_weight: [1, x, 'y'] }",
        """
n:1:31: `shape` wants a block `{ ... }`, found `1`
    1 | layer { input_param { shape: [1, 3, 8] dims: [1, 3, 8] } loss_weight: [1, x, 'y'] }
      |                               ^
n:1:40: InputParameter has no field `dims`
    1 | layer { input_param { shape: [1, 3, 8] dims: [1, 3, 8] } loss_weight: [1, x, 'y'] }
      |                                        ^~~~
n:1:75: `loss_weight` wants a number in the range of float, found `x`
    1 | layer { input_param { shape: [1, 3, 8] dims: [1, 3, 8] } loss_weight: [1, x, 'y'] }
      |                                                                           ^
n:1:78: `loss_weight` wants a number in the range of float, found `'y'`
    1 | layer { input_param { shape: [1, 3, 8] dims: [1, 3, 8] } loss_weight: [1, x, 'y'] }
      |                                                                              ^~~
4 problems in n
""",
    ),
    "required field missing": (
        "layer {\n  clip_param { min: 0 }\n}",
        """
n:2:3: ClipParameter lacks `max`, which it must have
    2 |   clip_param { min: 0 }
      |   ^~~~~~~~~~
1 problem in n
""",
    ),
    "block not closed": (
        'layer {\n  name: "a"\n  pooling_param {\n    pool: MAX\n}\nlayer {\n  name: "b"\n}\n\n# the end\n',
        """
n:8:1: the text ends, wanted `}`
    8 | }
      | ^
   note: n:1:7: this `{` is not closed
   note: n:5:1: this closes `pooling_param`, from its indent it was meant for another
1 problem in n
""",
    ),
    "block closed twice": (
        'layer {\n  name: "a"\n}\n}\nname: "n"',
        """
n:4:1: this `}` closes nothing
    4 | }
      | ^
1 problem in n
""",
    ),
    "closed by another bracket": (
        "layer {\n  relu_param < }\n}",
        """
n:2:16: found `}`, wanted `>`
    2 |   relu_param < }
      |                ^
   note: n:2:14: to close this `<`
1 problem in n
""",
    ),
    "string not closed": (
        "name: \"n\nlayer { name: 'a }\n}",
        """
n:1:7: the string that begins here has no closing " in its line
    1 | name: "n
      |       ^~
n:2:15: the string that begins here has no closing ' in its line
    2 | layer { name: 'a }
      |               ^~~~
2 problems in n
""",
    ),
    "no colon": (
        'layer { name "a" type: "ReLU" }',
        """
n:1:14: found `"a"` after `name`, wanted `:` or `{`
    1 | layer { name "a" type: "ReLU" }
      |              ^~~
1 problem in n
""",
    ),
    "no value": (
        'layer {\n  name:\n  type: "ReLU"\n  top:\n}',
        """
n:2:3: found `type` after `name:`, wanted a value
    2 |   name:
      |   ^~~~
n:4:3: found `}` after `top:`, wanted a value
    4 |   top:
      |   ^~~
2 problems in n
""",
    ),
    "no quotes": (
        "layer { hdf5_data_param { source: ./train/list.txt batch_size: 3 } }",
        """
n:1:35: found `./train/list.txt` after `source:`, wanted a value
    1 | layer { hdf5_data_param { source: ./train/list.txt batch_size: 3 } }
      |                                   ^~~~~~~~~~~~~~~~
1 problem in n
""",
    ),
    "a list without a comma": (
        "layer { convolution_param { kernel_size: [3 5] pad: 1 } }",
        """
n:1:45: found `5`, wanted `,` or `]`
    1 | layer { convolution_param { kernel_size: [3 5] pad: 1 } }
      |                                             ^
1 problem in n
""",
    ),
    "a comma too many": (
        "input_dim: [1, 2, ]",
        """
n:1:19: found `]`, wanted one more value
    1 | input_dim: [1, 2, ]
      |                   ^
1 problem in n
""",
    ),
    "a value without a name": (
        'force_backward: true\n"ReLU"\nlayer { 5 }',
        """
n:2:1: found `"ReLU"`, wanted a field name
    2 | "ReLU"
      | ^~~~~~
n:3:9: found `5`, wanted a field name or `}`
    3 | layer { 5 }
      |         ^
2 problems in n
""",
    ),
    "ends in the middle": (
        "layer {\n  name:  # of what?",
        """
n:2:7: the text ends, wanted a value for `name`
    2 |   name:  # of what?
      |       ^
   note: n:1:7: this `{` is not closed
1 problem in n
""",
    ),
    "bad escape": (
        r'name: "C:\data"',
        r"""
n:1:10: `\d` is not an escape of a string; a backslash is written `\\`, and paths take `/`
    1 | name: "C:\data"
      |          ^~
1 problem in n
""",
    ),
    "layers of two ages": (
        'layer { name: "a" }\nlayers { name: "b" }',
        """
n:2:1: the net has both `layer` and the old `layers`; write all of them as `layer { type: "Name" ... }`
    2 | layers { name: "b" }
      | ^~~~~~
   note: n:1:1: the first `layer` is here
1 problem in n
""",
    ),
    "include and exclude": (
        'layer {\n  name: "a" type: "ReLU"\n  include { phase: TRAIN }\n  exclude { stage: "deploy" }\n}',
        """
n:4:3: layer `a` (ReLU) has both `include` and `exclude`; give rules of one kind
    4 |   exclude { stage: "deploy" }
      |   ^~~~~~~
   note: n:3:3: `include` is given here
1 problem in n
""",
    ),
    "input without its shape": (
        'input: "a"\ninput: "b"\ninput_dim: 1\ninput_dim: 2\n',
        """
n:3:1: the net has 2 `input` and 2 `input_dim`; give four an input, or one `input_shape`
    3 | input_dim: 1
      | ^~~~~~~~~~~~
1 problem in n
""",
    ),
    "inputs and shapes differ": (
        'input: "a"\ninput: "b"\ninput_shape { dim: 1 }\n',
        """
n:3:1: the net has 2 `input` and 1 `input_shape`; give one shape an input
    3 | input_shape { dim: 1 }
      | ^~~~~~~~~~~~~~~~~~~~~~
1 problem in n
""",
    ),
    "type of 2013": (
        'layers {\n  layer { name: "a" type: "convolve" }\n}',
        """
n:2:21: no layer of 2013 has type `convolve`; did you mean `conv`?
    2 |   layer { name: "a" type: "convolve" }
      |                     ^~~~~~~~~~~~~~~~
1 problem in n
""",
    ),
    "padding of 2013 before another layer": (
        'layers { layer { name: "p" type: "padding" pad: 2 } bottom: "a" top: "b" }\n'
        'layers { layer { name: "r" type: "relu" } bottom: "b" top: "c" }',
        """
n:2:43: only a conv or pool layer with one bottom can read a padding layer
    2 | layers { layer { name: "r" type: "relu" } bottom: "b" top: "c" }
      |                                           ^~~~~~~~~~~
   note: n:1:1: `b` is padded here
1 problem in n
""",
    ),
    "a solver": (
        'net: "net.prototxt"\nbase_lr: 0.1\nlr_policy: "fixed"',
        """
n:1:1: this is a solver, a net is wanted here
    1 | net: "net.prototxt"
      | ^~~
   note: give the file that it names, `net: "net.prototxt"`
1 problem in n
""",
    ),
}


@pytest.mark.parametrize("text, said", NETS.values(), ids=NETS)
def test_errors_of_nets(text, said):
    with pytest.raises(SpecError) as caught:
        link(read_net_text(text, name="n"))
    assert f"\n{caught.value}\n" == said
