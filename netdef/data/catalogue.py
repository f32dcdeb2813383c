"""Import all data layers, which registers them."""

from netdef.data.layers import (
    annotated_data,
    clip_data,
    cpm_data,
    data,
    dense_image_data,
    hdf5_data,
    heatmap_data,
    image_data,
    image_label_boxes,
    image_label_data,
    image_label_index,
    image_labelmap_data,
    image_seg_data,
    memory_data,
    pose_image_data,
    python_data,
    sparse_data,
    video_data,
    video_seg_data,
    window_data,
)
