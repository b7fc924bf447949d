"""The one family of errors that users can cause."""


class DomainError(Exception):
    """Something a person asked for that can't be done; the message says what to do instead.

    `status` is the HTTP status at every edge; `field` names the input at fault, if one is.
    """

    status = 422
    field: str | None = None

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Conflict(DomainError):
    """The object is no longer in the state that the action needs; somebody or something was faster."""

    status = 409
