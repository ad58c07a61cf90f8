"""Training kernels: the same maths as torch's layers, with fewer trips to memory, or on a GPU to better routines."""
