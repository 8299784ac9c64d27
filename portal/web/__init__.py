"""What all pages share: settings, clock, database session, headers, policies, row scope, sessions, forms and errors."""
