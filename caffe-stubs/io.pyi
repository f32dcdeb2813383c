from netdef.pycaffe.io import *
