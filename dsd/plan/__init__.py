"""Prepare a run: its nets, phases, masks and settings from a solver file, with all mistakes collected."""
