"""The benchmarks of `make bench`: every figure is a ratio to a peer measured in the same run."""
