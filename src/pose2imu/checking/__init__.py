"""Does what is reported hold? Consistency of the files in git, and reruns that compare."""
