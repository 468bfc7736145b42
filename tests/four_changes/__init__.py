"""A made-up page, extract format and pack format, and what must hold once each is in its room.

`tests/test_four_changes.py` puts them into a copy of the project and runs `checks` there.
"""
