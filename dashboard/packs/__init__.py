"""Board packs: one set of contents, written as PowerPoint, Word, Excel, HTML and PDF."""
