"""One module a family of console verbs, each with `register(cli)`."""
