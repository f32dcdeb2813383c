"""Read, transform and crop images, with and without boxes."""
