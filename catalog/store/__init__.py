"""Tables, queries and sessions: the only place that knows a database dialect."""
