"""What somebody's dashboard shows: figures of a period, what happened last, what waits for them, how to start."""
