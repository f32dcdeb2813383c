"""The properties of layer types."""

from __future__ import annotations

from typing import ClassVar

from netdef.layers.core.arity import Arity, exactly


class LayerType:
    """The properties of a layer type that are known before a layer is built.

    * ``type_name``: the prototxt type, set by `register`; of a class for several types, the first, and a layer has its own.
    * ``n_bottoms``, ``n_tops``: arity, masks not counted.
    * ``is_loss``: the first top has loss weight 1 unless the text says otherwise.
    * ``refuses_inplace``: Caffe refuses a top that is its bottom.
    * ``maskable``: names of the blobs that a Mask may cover; the layer reads them through `Layer.blob`.
    * ``object_is_maskable``: each layer of the type has a ``maskable`` of its own, known when it is built.
    * ``pruned_by_default``: sparse phases prune its weights unless the text says otherwise.
    * ``depends_on_data``: its operations depend on the values of tensors, so they cannot be exported or compiled as a graph;
      a layer may know it only when it is built.
    * ``prefers_channels_last``: on the CPU it is faster with its blob 0 in the order NHWC, if that has 4 axes.
    * ``needs_float32``: it computes in float32 under torch's autocast, too, as losses do.
    * ``makes_data``: its tops are data; a deploy net has inputs instead.
    * ``is_score``: compares predictions with labels; a deploy net leaves it out.
    * ``larger_is_better``: its tops are scores from 0 to 1 that rise as a net gets better; other outputs fall.
    * ``writes_files``: a pass writes its bottoms to files; a deploy net leaves it out.
    * ``answer_type``: of a loss, the type of the layer that computes its prediction in a deploy net.
    * ``family``: its group in a drawing, a key of `dsd.drawing.drawing.COLOURS`. None: ``loss`` for losses, ``weights``
      for layers that can be masked, else ``other``. Layers without bottoms are always ``data``.
    * ``always_shown``: names of a message and a field in it that a drawing shows even where the text leaves the default.
    """

    type_name: str
    n_bottoms: ClassVar[Arity] = exactly(1)
    n_tops: ClassVar[Arity] = exactly(1)
    is_loss: ClassVar[bool] = False
    refuses_inplace: ClassVar[bool] = False
    maskable: tuple[str, ...] = ()
    object_is_maskable: ClassVar[bool] = False
    pruned_by_default: ClassVar[bool] = False
    depends_on_data: bool = False
    prefers_channels_last: ClassVar[bool] = False
    needs_float32: ClassVar[bool] = False
    makes_data: ClassVar[bool] = False
    is_score: ClassVar[bool] = False
    larger_is_better: bool = False
    writes_files: ClassVar[bool] = False
    answer_type: ClassVar[str | None] = None
    family: ClassVar[str | None] = None
    always_shown: ClassVar[tuple[str, str] | None] = None

    @classmethod
    def allows_force_backward(cls, bottom: int) -> bool:
        """Whether a net's ``force_backward`` gives the bottom of this index a gradient; not the labels of a loss."""
        return not (cls.is_loss and bottom == 1)
