"""What `make benchmark` measures."""
