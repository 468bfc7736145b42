"""What PowerPoint, Word and Excel share: native charts, templates, room for words."""
