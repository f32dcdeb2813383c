from dsd.pycaffe.draw import *
