"""A page of docs/reference for each layer type and objective, made from the declarations."""
