"""A network as files that others can use: source, weights, a bundle that runs on its own."""
