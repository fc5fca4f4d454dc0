"""What a service raises when the business says no."""

from django.utils.functional import Promise


class DomainError(Exception):
    """A refused action. `code` is stable and untranslated, `message` is for the person.

    Pages show the message, the API answers 409 with the code.
    """

    code = "refused"

    def __init__(self, message: str | Promise, *, code: str = "") -> None:
        super().__init__(message)
        self.message = str(message)
        self.code = code or self.code
