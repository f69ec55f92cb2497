"""Which options pytest takes for the suite."""

import argparse

import pytest

from quickstart.exchange.targets import NAMES, REPLAY


class _Once(argparse.Action):
    """Takes one profile: of two, one account would be left out without a word."""

    def __call__(self, _: object, namespace: argparse.Namespace, values: object, *__: object) -> None:
        """Keep the value, unless there is another one."""
        if getattr(namespace, self.dest, None) not in {None, values}:
            raise argparse.ArgumentError(self, "one run is one account; many are for: procore-quickstart fleet")
        setattr(namespace, self.dest, values)


def add_options(parser: pytest.Parser) -> None:
    """Declare the options of the suite."""
    group = parser.getgroup("procore", "Procore quick start")
    group.addoption("--target", choices=NAMES, default=REPLAY, help="what is asked (default: replay, offline)")
    group.addoption("--folder", metavar="DIR", help="where .env and waivers.toml are (default: the suite's own folder)")
    group.addoption("--profile", action=_Once, metavar="NAME", help="read the settings from .env.NAME instead of .env")
    group.addoption(
        "--companies",
        metavar="WHICH",
        help="judge the projects of other companies, too: all that the token sees, ids with commas between, or a file",
    )
    group.addoption("--exhaustive", action="store_true", help="read all pages of each list, and judge every item")
    group.addoption("--disruptive", action="store_true", help="also send what rotates, revokes and provokes")
    group.addoption(
        "--yes-production", action="store_true", help="with --disruptive: rotate, revoke and provoke in production, too"
    )
    group.addoption(
        "--fail-on",
        choices=("must", "should", "drift"),
        default="must",
        help="the lowest level whose breach fails the run; drift: a must, and what --drift finds breaking",
    )
    group.addoption(
        "--requirement",
        action="append",
        metavar="ID",
        help="judge this requirement alone, or all that 'projects.*' names; may be given several times",
    )
    group.addoption(
        "--waivers",
        metavar="FILE",
        help="breaches that do not fail the run, with reason and end (default: waivers.toml)",
    )
    group.addoption(
        "--no-self-contained-html",
        dest="self_contained_html",
        action="store_false",
        default=False,
        help="let --html put its style into a file beside it (assets/style.css), for servers that allow no other",
    )
    group.addoption(
        "--record-only",
        metavar="NAME",
        action="append",
        default=[],
        help="with --record-mode=rewrite: record this exchange and leave the other recordings as they are",
    )
    group.addoption(
        "--verdict-json", metavar="FILE", help="write the machine-readable verdict (schemas/verdict.schema.json)"
    )
    group.addoption("--summary-md", metavar="FILE", help="write a summary in Markdown, for a pull request")
    group.addoption("--badge", metavar="FILE", help="write the badge as an endpoint document of shields.io")
    group.addoption("--history", metavar="FILE", help="add the run to a file or FOLDER/, and show the last 30")
    group.addoption("--since", metavar="FILE", help="say what changed since an earlier verdict, or history")
    group.addoption("--drift", action="store_true", help="compare the shape of live answers with the recordings")
    group.addoption("--drift-json", metavar="FILE", help="write what --drift finds (schemas/drift.schema.json)")
