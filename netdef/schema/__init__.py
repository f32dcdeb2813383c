"""The messages and fields of prototxts and weight files, of Caffe and of its forks."""
