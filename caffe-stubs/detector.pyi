from netdef.pycaffe.detector import *
