"""Read and write LMDB and LevelDB databases."""
