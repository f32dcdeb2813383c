"""Old texts in the current schema."""

from collections import Counter

import pytest
from google.protobuf import text_format
from oracle import shared

from netdef.definition.read import read_net, read_solver
from netdef.definition.rewrite import rewrite
from netdef.errors import NetdefError
from netdef.schema.messages import NetParameter, SolverParameter
from netdef.source import Source
from netdef.text.grammar import ANY_WORD
from netdef.text.load import load_source

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


def test_a_net_of_2013_is_rewritten():
    found = rewrite(Source("old.prototxt", OF_2013))
    assert found.text == NOW
    assert [f"{note.span}: {note.message}" for note in found.changes] == [
        "old.prototxt:5:1: `layers { layer { type: ... } }` of 2013 is `layer` now (3 of them)",
        "old.prototxt:13:1: a `padding` layer is `pad` of its reader now",
    ]


def test_a_current_text_is_not_changed_in_a_character():
    text = 'layer{name:"x" ; type:"Silence", bottom:["a"]}# odd, but current'
    assert rewrite(Source("t", text)).text == text
    assert rewrite(Source("t", text)).changes == ()


def test_a_solver_of_2014_is_rewritten():
    found = rewrite(Source("s", 'net: "n"\nsolver_type: ADAM # fast\nbase_lr: 0.1\n'))
    assert found.text == 'base_lr: 0.1\nnet: "n"\ntype: "Adam"  # fast\n'
    assert "`solver_type` of 2014 is `type` now" in found.changes[0].message


@pytest.mark.parametrize("old, said", [
    ('input: "a" input_dim: 1 input_dim: 2 input_dim: 3 input_dim: 4', "`input` is a layer of type Input now"),
    ('layers { name: "r" type: RELU bottom: "a" top: "a" }', "of 2014 is `layer` with `type` in quotes now"),
    ('layer { name: "b" type: "BatchNorm" bottom: "a" top: "b" param {} param {} param {} }', "get `lr_mult: 0`"),
])
def test_changes_are_reported_with_places(old, said):
    (note,) = rewrite(Source("t", old)).changes
    assert said in note.message and str(note.span).startswith("t:1:1")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # what forks have and ours has no use for
def test_published_files_are_rewritten():
    golden, corpus = shared("golden/upgraded"), shared("corpus/prototxt")
    files = [path for path in sorted(corpus.rglob("*.prototxt")) if path.stat().st_size < 8_000]
    compared = 0
    for path in files:
        source = load_source(path)
        try:
            found = rewrite(source, lenient=True)
        except NetdefError:
            continue
        for comment, count in _comments(source.text).items():
            assert found.text.count(comment) >= count, (path, comment)
        again = rewrite(Source("again", found.text), lenient=True)
        assert again.text == found.text and again.changes == (), path
        recorded = golden / path.relative_to(corpus)
        if recorded.exists():
            kind, read = (SolverParameter, read_solver) if "solver" in path.name else (NetParameter, read_net)
            assert text_format.Parse(recorded.read_text(), kind()) == read(path).message, path
            compared += 1
    assert compared > 100


def _comments(text: str) -> Counter[str]:
    return Counter(found["comment"].rstrip() for found in ANY_WORD.finditer(text) if found["comment"])
