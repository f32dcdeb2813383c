from netdef.pycaffe.classifier import *
