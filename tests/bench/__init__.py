"""What pages cost, as ratios measured in one run: `make bench`."""
