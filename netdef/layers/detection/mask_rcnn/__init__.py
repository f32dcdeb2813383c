"""Mask R-CNN (He et al. 2017) as in TensorFlow, from Synopsys' fork."""
