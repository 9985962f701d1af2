"""The database of a study, its queue of runs and its shards of results."""
