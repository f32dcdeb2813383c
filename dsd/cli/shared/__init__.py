"""What several commands share: options, devices, weights, how a command ends."""
