"""The picture of the rooms in docs/architecture.md is the one that the imports make."""

from tests import rooms


def test_the_picture_of_the_rooms_is_that_of_the_imports():
    found = rooms.PICTURE.search(rooms.DOCUMENT.read_text())
    assert found is not None
    assert found[0] == rooms.picture(), "write it anew: python -m tests.rooms"


def test_every_room_is_described():
    text = rooms.DOCUMENT.read_text()
    named = {rooms.room_of(module).replace(".", "/") for module in rooms.graph().modules if "." in module}
    assert [room for room in sorted(named) if f"`{room}/`" not in text and f"`{room}.py`" not in text] == []


def test_the_rooms_have_no_circle():
    below = {}
    for importer, imported in rooms.arrows():
        below.setdefault(importer, set()).add(imported)
    while below:
        free = {room for room, needed in below.items() if not needed & below.keys()}
        assert free, sorted(below)
        below = {room: needed - free for room, needed in below.items() if room not in free}
