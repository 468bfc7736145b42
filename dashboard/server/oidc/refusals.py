"""Why a sign-in came to nothing: a reason for the log, and words for the person. Neither holds a token or
says who it was."""


class Refused(Exception):
    """What came back is not a sign-in of ours. `reason` is for the log."""

    status = 401
    title = "You are not signed in"
    sentence = "The sign-in could not be completed. Nothing was changed. You can"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Stopped(Refused):
    """The provider itself did not sign the person in, or the person turned back."""

    sentence = (
        "The sign-in was stopped before it was complete. If you did not stop it yourself, ask your IT "
        "service desk whether your account may use this dashboard. You can"
    )


class TooOld(Refused):
    """The way back was gone too late, twice, or in another browser than the way there."""

    sentence = "This sign-in has been used, is too old, or was begun in another browser or window. You can"


class NoAccess(Refused):
    """Signed in, and not one of the readers."""

    status = 403
    title = "You do not have access to this dashboard"
    sentence = (
        "You signed in, but your account is in none of the groups that may read this dashboard. "
        "Ask the people who run it for access, or"
    )


class TooManyGroups(Refused):
    """The provider leaves the groups out of the token because there are too many (Entra ID)."""

    status = 403
    title = "Your groups are not known here"
    sentence = (
        "You signed in, but your account is in so many groups that the sign-in did not name them. Tell the "
        "people who run this dashboard: they can have only the groups of the dashboard sent. Or"
    )


class Unreachable(Refused):
    """The provider does not answer, or not in time, or with nothing that can be read."""

    status = 503
    title = "The sign-in service does not answer"
    sentence = (
        "People who are signed in can go on. If it lasts, tell your IT "
        "service desk that the dashboard cannot reach the sign-in service. In a minute you can"
    )
