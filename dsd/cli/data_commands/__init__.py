"""The subcommands of `dsd-data`, a module each."""
