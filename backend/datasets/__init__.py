"""Datasets: from files to versions, of which one is in use."""
