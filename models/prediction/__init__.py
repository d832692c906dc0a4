"""Predictions for files of examples: the answers of a model beside what was given."""
