"""`caffe.Net` and `caffe.io`, the interface of pycaffe for scripts."""
