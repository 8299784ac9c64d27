"""What the log may say about a failure: which kind it was and where in the code, never what somebody typed.

Messages of exceptions quote values (a driver's DETAIL names the row, a parser the text), so they are left out.
"""

import logging
import traceback
from collections.abc import Iterator

from flask import Flask


def where_it_failed(error: BaseException) -> str:
    """Kinds of the error and of what caused it, each with its frames as ``file:line function``."""
    return "; caused by ".join(f"{_kind(each)} at {_frames(each)}" for each in _chain(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _kind(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _frames(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))


def _without_values(record: logging.LogRecord) -> bool:
    """A log filter that keeps every record, with the kind and the frames in place of the exception itself."""
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        record.msg, record.args = "%s: %s", (record.getMessage(), where_it_failed(error))
    record.exc_info = record.exc_text = None
    return True


def init_logs(app: Flask) -> None:
    """Hold back values from everything that the app logs, the framework's own lines included."""
    app.logger.addFilter(_without_values)
