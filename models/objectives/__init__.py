"""What a network is trained towards, and how: losses, optimizers, schedules, metrics and more."""
