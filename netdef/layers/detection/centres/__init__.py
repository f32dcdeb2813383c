"""CenterNet and its like: objects as the centres of their boxes."""
