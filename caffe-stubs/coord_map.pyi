from netdef.pycaffe.coord_map import *
