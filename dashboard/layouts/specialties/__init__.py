"""Specialties and benchmark."""
