"""The layers of Caffe, a module each; those of forks in `forks`, of detection nets in `detection`."""
