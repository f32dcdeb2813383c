"""Rewrite the forms of older versions of Caffe and of forks as current ones, a module each."""
