from dsd.pycaffe.solver import CaffeSolver
from netdef.pycaffe.blob import Blob as Blob
from netdef.pycaffe.blob import BlobVec as BlobVec

from .pycaffe import *

__version__: str
Solver = CaffeSolver
