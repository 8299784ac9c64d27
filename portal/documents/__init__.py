"""Documents for people to keep: tagged PDF files made from plain values, never from records or requests."""
