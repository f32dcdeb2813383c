"""What a run writes, shows and watches while it trains, a module each."""
