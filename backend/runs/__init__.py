"""Runs: the queue, the worker processes, the event log and its live readers."""
