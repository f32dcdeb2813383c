"""DSD for any torch model and optimizer: `dsd.attach`, its recorder, comparison and Lightning callback."""
