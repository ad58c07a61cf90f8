"""The HTML page: one self-contained file for one or several benchmarks, from what earlier stages wrote of them."""
