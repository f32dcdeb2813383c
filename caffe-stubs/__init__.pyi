"""Types of ``import caffe``, which `dsd.pycaffe` offers while a script runs."""

from netdef.builder.net_spec import NetSpec as NetSpec
from netdef.builder.net_spec import layers as layers
from netdef.builder.net_spec import params as params
from netdef.builder.net_spec import to_proto as to_proto
from netdef.pycaffe.classifier import Classifier as Classifier
from netdef.pycaffe.detector import Detector as Detector
from netdef.schema.messages import TEST as TEST
from netdef.schema.messages import TRAIN as TRAIN

from . import _caffe as _caffe
from . import classifier as classifier
from . import coord_map as coord_map
from . import detector as detector
from . import draw as draw
from . import io as io
from . import net_spec as net_spec
from . import proto as proto
from . import pycaffe as pycaffe
from .pycaffe import *

__version__: str
