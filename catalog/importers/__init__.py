"""One module per filed format; each yields catalogue nouns and problems."""
