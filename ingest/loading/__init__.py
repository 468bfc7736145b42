"""How a file gets in: recognised, read, checked, kept in one transaction; ledger; watched folder."""
