"""Comments are kept with the fields that they belong to."""

from __future__ import annotations

from netdef.definition.comments import annotated
from netdef.definition.read import read_net_text
from netdef.definition.rewrite import rewrite
from netdef.source import Source

OF_2013 = '''\
# A net of 2013.
name: "old"  # its name

# The images.
layers {
  layer { name: "data" type: "data" source: "db" # where they are
          batchsize: 7  # small
          scale: 0.5
          # not used
          rand_skip: 3 }
  top: "data" top: "label" # two
}
layers { layer { name: "pad1" type: "padding" pad: 2 } bottom: "data" top: "padded" }
layers { # first
  layer { name: "conv1" type: "conv" num_output: 6 kernelsize: 3
    # learning rates
    blobs_lr: 1 blobs_lr: 2 }
  bottom: "padded" top: "conv1"
  # stride: 2
}
# the end
'''


NOW = '''\
# A net of 2013.
name: "old"  # its name

# The images.
layer {
  name: "data"
  type: "Data"
  top: "data"
  top: "label"  # two
  transform_param { scale: 0.5 }
  # not used
  data_param { source: "db" batch_size: 7 rand_skip: 3 }  # where they are  # small
}
layer {  # first
  name: "conv1"
  type: "Convolution"
  bottom: "data"
  top: "conv1"
  # learning rates
  param { lr_mult: 1 }
  param { lr_mult: 2 }
  convolution_param { num_output: 6 pad: 2 kernel_size: 3 }
  # stride: 2
}
# the end
'''


def test_comments_stay_with_the_fields_of_an_old_text():
    assert rewrite(Source("old.prototxt", OF_2013)).text == NOW


def test_comments_move_with_their_layers():
    text = '# top\nlayer {  # opens\n  # above\n  name: "a" # behind\n  # at the end\n}\n\nlayer { name: "b" }  # last\n'
    net = read_net_text(text)
    (a, b) = net.layers
    changed = net.with_layers([(b.message, b.where), (a.message, a.where)])
    assert annotated(changed.message, changed.where, Source("t", text)).splitlines() == [
        "layer {  # last", '  name: "b"', "}",
        "# top", "layer {  # opens", "  # above", '  name: "a"  # behind', "  # at the end", "}",
    ]
