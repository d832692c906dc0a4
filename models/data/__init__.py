"""Reading data, understanding it, and turning it into tensors."""
