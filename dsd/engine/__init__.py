"""The phases of DSD for named weights and an optimizer: choose, hold, audit and lift masks. It knows no nets."""
