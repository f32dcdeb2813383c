"""Of forks of Caffe: layers that learn distances: of faces, persons and other classes."""
