"""What came from outside, so that it can be shown: no control over a terminal, a log or a reader's eye."""

import re

# Controls but line feed and tab; what turns the direction of text; what has no width; halves of surrogate pairs;
# tags and variation selectors beyond the first plane; characters that are none.
_CONTROL = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
# A line that a GitHub runner takes for a command (it looks past spaces, and for ##[ anywhere), and one that speaks as
# the end of our run does.
_COMMAND = re.compile(r"((?:^|(?<=\r))[^\S\r\n]*)::(?=[A-Za-z])", re.MULTILINE)
_OLD_COMMAND = re.compile(r"##(?=\[)")
_OUR_VOICE = re.compile(
    r"^(?=[ \t]*(?:(?:NOT )?CONFORMANT\b|NOT USABLE\b|Nothing was judged|diagnosis:|what to do:|evidence:))",
    re.MULTILINE,
)
_COLOUR = re.compile(r"\x1b\[[0-9;]*[mK]|\r\n?|\x08")  # what pytest itself sends to a terminal


def printable(text: str) -> str:
    """Return ``text`` with all that cannot be seen, or acts, written as escapes. Line feeds and tabs stay."""
    if text.isascii() and text.isprintable() and "::" not in text and "##[" not in text:
        return text  # most texts
    text = _CONTROL.sub(_escape, text)
    text = _OLD_COMMAND.sub(r"#\\x23", _COMMAND.sub(r"\1\\x3a:", text))
    return _OUR_VOICE.sub("| ", text) if "\n" in text else text


def one_line(text: str) -> str:
    """Return ``text`` as ``printable`` does, and in one line."""
    return printable(text.replace("\n", "\\n").replace("\t", "\\t") if "\n" in text or "\t" in text else text)


def harmless(text: str) -> str:
    """Return a whole output without controls and commands but for the colours that pytest gives it."""
    if text.isascii() and "::" not in text and "##[" not in text and text.replace("\n", "").isprintable():
        return text
    kept, end = [], 0
    for found in _COLOUR.finditer(text):
        kept += [_CONTROL.sub(_escape, text[end : found.start()]), found[0]]
        end = found.end()
    text = "".join((*kept, _CONTROL.sub(_escape, text[end:])))
    return _OLD_COMMAND.sub(r"#\\x23", _COMMAND.sub(r"\1\\x3a:", text))


def _escape(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
