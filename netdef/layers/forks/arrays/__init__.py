"""Of forks of Caffe: layers that join, multiply and rearrange blobs."""
