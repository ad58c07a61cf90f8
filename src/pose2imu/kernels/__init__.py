"""Training kernels for a CPU: the same maths as torch's layers, with fewer trips to memory."""
