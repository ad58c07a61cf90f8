"""Training the missing runs of a benchmark in parallel: the same DVC stages that `dvc repro` would run one by one."""
