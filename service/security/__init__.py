"""Who is let in, how often, from where: keys, rates, names of hosts, what browsers are told."""
