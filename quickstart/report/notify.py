"""The command ``notify VERDICT --format slack|teams|issue|state``: what a person who asked for it is told of a run.

It prints; whoever sends it is the workflow. Only what a verdict has redacted, and nothing that an answer said, goes in.
Exit codes: 0 printed, 4 not usable (arguments, file).
"""

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quickstart.history import changes, nights
from quickstart.history.changes import ChangesError
from quickstart.history.record import Record
from quickstart.judgement import ending
from quickstart.judgement.verdict import ADVISORY, COULD_NOT_TEST, VIOLATED
from quickstart.report.compare import UNUSABLE, Parser
from quickstart.report.markdown import text as escaped
from quickstart.secrecy.printable import one_line

_LINK = re.compile(r"https://[^\s()<>\"]+")
_MOST = 10  # requirements by name
_LONGEST = 600  # characters of one line
_WORDS = {
    nights.CONFORMANT: "✅ Conformant",
    nights.NOT_CONFORMANT: "❌ Not conformant",
    nights.NO_VERDICT: "❔ No verdict",
    ending.NOT_USABLE: "❔ Not usable",
    "crashed": "‼️ The suite itself failed",
}


@dataclass(frozen=True)
class Message:
    """What is told: the verdict as a state, a title, lines, and where more stands, if that is known."""

    state: str
    title: str
    lines: tuple[str, ...]
    link: str = ""


def message(run: Record, account: str = "", link: str = "") -> Message:
    """Return what is told of a run of ``account``."""
    of = f" of {account}" if account else ""
    lines = [f"{run.target}, {run.evidence}, {nights.moment(run.when)}"]
    for kind, words in ((VIOLATED, "violated"), (ADVISORY, "advisories"), (COULD_NOT_TEST, "not tested")):
        names = run.states.get(kind, ())
        if names and kind != COULD_NOT_TEST:
            more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
            lines.append(f"{words} ({len(names)}): {', '.join(names[:_MOST])}{more}")
        elif names:
            lines.append(f"{words}: {len(names)}")
    if run.cause:
        lines.append(f"first cause: {run.cause} (docs/causes.md says what to do)")
    if run.ending != ending.FINISHED:
        lines.append(f"the run did not finish: {run.ending.replace('-', ' ')}; its log and report say why")
    return Message(
        nights.answer(run),
        f"{_WORDS[nights.state(run)]}: Procore quick start{of}",
        tuple(_short(one) for one in lines),
        link,
    )


def _short(line: str) -> str:
    line = one_line(line)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def slack(told: Message) -> str:
    """Return the payload of an incoming webhook of Slack. Its texts are plain: nothing in them is a link or a mention.

    https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
    """
    blocks: list[Mapping[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": told.title[:150]}},
        *({"type": "section", "text": {"type": "plain_text", "text": line, "emoji": False}} for line in told.lines),
    ]
    if told.link:
        button = {"type": "button", "text": {"type": "plain_text", "text": "Report"}, "url": told.link}
        blocks.append({"type": "actions", "elements": [button]})
    plain = told.title.translate({ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"})
    return _json({"text": plain, "blocks": blocks})


def teams(told: Message) -> str:
    """Return the payload of a webhook of Teams' Workflows: an Adaptive Card whose texts are runs, which know no markup.

    https://adaptivecards.io/explorer/RichTextBlock.html
    """
    runs: list[Mapping[str, Any]] = [{"type": "TextRun", "text": told.title, "weight": "bolder", "size": "large"}]
    body = [{"type": "RichTextBlock", "inlines": runs}]
    body += [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": line}]} for line in told.lines]
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    if told.link:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Report", "url": told.link}]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return _json({"type": "message", "attachments": [attachment]})


def issue(told: Message) -> str:
    """Return the body of an issue, as Markdown in which nothing but our own words is markup."""
    more = [f"\n[Report]({told.link})\n"] if told.link else []
    return "\n".join([f"**{escaped(told.title)}**", "", *(f"- {escaped(line)}" for line in told.lines), *more]) + "\n"


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def state(told: Message) -> str:
    """Return the verdict in a word, for a script: conformant, not-conformant or no-verdict."""
    return f"{told.state}\n"


FORMATS: Mapping[str, Callable[[Message], str]] = {"slack": slack, "teams": teams, "issue": issue, "state": state}


def is_news(path: Path, run: Record) -> bool:
    """Whether the verdict is another than that of the run before it; of a first run, whether it is not conformant."""
    try:
        before = nights.answer(changes.load(path, before_last=True))
    except ChangesError:
        before = nights.CONFORMANT
    return nights.answer(run) != before


def main(arguments: Sequence[str], program: str = "procore-quickstart notify") -> int:
    """Run the command; return the exit code."""
    parser = Parser(prog=program, description="Print what a chat or an issue is told of a run. It sends nothing.")
    parser.add_argument("verdict", metavar="VERDICT", type=Path, help="a verdict, or a history: its last run")
    parser.add_argument("--format", choices=list(FORMATS), required=True, help="whom it is for")
    parser.add_argument("--account", default="", metavar="NAME", help="which account it is of")
    parser.add_argument("--link", default="", metavar="URL", help="where the report is; https")
    parser.add_argument(
        "--changed", action="store_true", help="print nothing where the verdict is as that of the run before it"
    )
    given = parser.parse_args(arguments)
    if given.link and not _LINK.fullmatch(given.link):
        parser.error(f"--link={given.link} is no https URL")
    try:
        run = changes.load(given.verdict)
    except ChangesError as error:
        print(one_line(str(error)), file=sys.stderr)
        return UNUSABLE
    if given.changed and not is_news(given.verdict, run):
        return 0
    print(FORMATS[given.format](message(run, one_line(given.account), given.link)), end="")
    return 0
