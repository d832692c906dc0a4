"""The training doctor: what can be wrong with a training, seen in what is measured anyway."""
