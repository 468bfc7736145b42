"""Every component id, in one place."""

ADDRESS = "address"
NAVIGATION = "navigation"
STATUS = "status-line"
PLACE = "place"
BREADCRUMB = "breadcrumb"
NOTICES = "notices"
FILTERS = "filters"
PAGE = "page"
TITLE = "document-title"
DRAWN = "drawn"
REFRESH = "refresh"
VERSION = "data-version"
ANNOUNCE = "announce"


def control(name: str) -> dict[str, str]:
    """The control of one filter; `name` is its name in the address."""
    return {"type": "filter", "name": name}


def chart(name: str) -> dict[str, str]:
    """A chart whose points are links: a point's customdata ends with the address it leads to."""
    return {"type": "chart", "name": name}
