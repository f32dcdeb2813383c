"""Every layer this package knows: importing this file registers them all. One line a family, in alphabetical order."""

from netdef.layers import accuracy  # noqa: F401
from netdef.layers import activations  # noqa: F401
from netdef.layers import batch_norm  # noqa: F401
from netdef.layers import bias  # noqa: F401
from netdef.layers import concat_slice  # noqa: F401
from netdef.layers import convolution  # noqa: F401
from netdef.layers import dropout  # noqa: F401
from netdef.layers import dummy_data  # noqa: F401
from netdef.layers import eltwise  # noqa: F401
from netdef.layers import embed  # noqa: F401
from netdef.layers import euclidean_loss  # noqa: F401
from netdef.layers import inner_product  # noqa: F401
from netdef.layers import inputs  # noqa: F401
from netdef.layers import lrn  # noqa: F401
from netdef.layers import mask  # noqa: F401
from netdef.layers import parameter  # noqa: F401
from netdef.layers import pooling  # noqa: F401
from netdef.layers import powers  # noqa: F401
from netdef.layers import reshape  # noqa: F401
from netdef.layers import scale  # noqa: F401
from netdef.layers import sigmoid_cross_entropy_loss  # noqa: F401
from netdef.layers import silence  # noqa: F401
from netdef.layers import softmax  # noqa: F401
from netdef.layers import softmax_loss  # noqa: F401
