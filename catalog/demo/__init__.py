"""The demo's catalogue: an invented Ohio issuer, written as files exactly as a payer would file them."""
