"""MS-CNN, Cascade R-CNN, and the detector that both write in layers of their own."""
