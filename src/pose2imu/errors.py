"""The one exception for bad input: a user sees its message, in one line, and no traceback."""


class InputError(Exception):
    """A file, parameter or archive is not what was expected; the message names it and says what was."""


class WeightsError(InputError):
    """The arrays of a run are not those that its method takes; who knows the file adds it to the message."""
