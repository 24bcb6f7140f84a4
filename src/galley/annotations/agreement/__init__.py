"""How far people agree: measures as pure functions, and what the ledger says of them."""
