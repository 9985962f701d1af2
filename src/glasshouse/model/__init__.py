"""What can be modelled: contracts, entities, mechanisms, statistics and measures."""
