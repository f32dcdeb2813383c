"""The layers of detection nets: SSD, Faster R-CNN, R-FCN, YOLO."""
