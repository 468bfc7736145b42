"""What pages, packs, screens and mail show: facts and findings of a scope, made once."""
