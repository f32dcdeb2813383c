"""Train a net through its phases, with snapshots and resuming."""
