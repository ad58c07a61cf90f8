"""Windows and whole sequences as batches, at training time."""
