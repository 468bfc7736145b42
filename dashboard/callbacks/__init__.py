"""What happens between browser and server: drawing a page, downloads. Registered on one app, never global."""
