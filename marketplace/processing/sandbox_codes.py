"""Exit codes that a tool process and its sandbox agree on."""

# By which a Python tool says that it ran out of the memory it may use.
EXIT_OUT_OF_MEMORY = 86
