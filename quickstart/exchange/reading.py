"""Reads the body of an answer to its end, bounded in time, size, and in what it becomes once it is parsed."""

import time

import requests

LARGEST_BODY = 8 * 1024 * 1024  # bytes; a page of 300 projects has one or two million
MOST_PARTS = 400_000  # members and items of a body; such a page has some ten thousand


def whole(response: requests.Response, deadline: float) -> bytes:
    """Read the body to its end, within a time and a size, which is that of what it becomes once it is parsed, too."""
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_content(65536):
        chunks.append(chunk)
        size += len(chunk)
        if size > LARGEST_BODY:
            raise requests.exceptions.ContentDecodingError(f"the body is larger than {LARGEST_BODY} bytes")
        if time.monotonic() > deadline:
            raise requests.exceptions.ReadTimeout("the body did not end in time")
    content = b"".join(chunks)
    if sum(map(content.count, (b",", b"{", b"["))) > MOST_PARTS:
        raise requests.exceptions.ContentDecodingError(f"the body is larger than {MOST_PARTS} members and items")
    return content
