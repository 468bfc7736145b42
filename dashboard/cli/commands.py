"""What each command and option is called, and nothing of how it is done.

What does the work is imported by the command that needs it: an unchanged file costs no import.
"""

from copy import copy
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperCommand

from dashboard import __version__
from dashboard.cli.lake_commands import lake
from dashboard.packs.formats import NAMES

app = typer.Typer(
    name="rtt",
    help="Referral to treatment waiting times: extracts in, figures out.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    # Plain help: the library that draws it in colours would cost every command its import.
    rich_markup_mode=None,
)


Source = Literal["monthly", "weekly"]
AnySource = Literal["monthly", "weekly", "published", "organisations"]
Level = Literal["england", "region", "icb", "provider", "commissioner"]
History = Literal["now", "then"]
Part = Literal["1A", "1B", "2", "2A", "3"]
Layout = Annotated[
    Literal["table", "csv", "json"], typer.Option("--format", help="How the figures are written.")
]
Paths = Annotated[
    list[Path], typer.Argument(metavar="PATH...", exists=True, help="Extracts, or folders of them.")
]
Revision = Annotated[
    int | None,
    typer.Option(min=0, help="The revision number of the file, instead of the one in its name."),
]
Replace = Annotated[
    bool, typer.Option("--replace", help="Load the file even if it looks older, smaller or different.")
]
Mapping = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="A TOML file that describes the columns of a PTL."),
]
# Typer has no date option, and its date-time option would take a time of day.
Until = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Build for this day (default today): ends the Sunday before."),
]


def only(name: str) -> typer.Typer:
    """The commands without all but one, if there is one of that name: making each costs time."""
    named = [each for each in app.registered_commands if each.callback and each.callback.__name__ == name]
    groups = [each for each in app.registered_groups if each.name == name]
    chosen = copy(app)
    if named or groups:
        chosen.registered_commands, chosen.registered_groups = named, groups
    return chosen


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"rtt {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


class _NamesFormats(TyperCommand):
    """A command whose help ends with the extracts that can be loaded; asking them costs an import."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        from ingest.loading.incoming import accepted

        formatter.write_paragraph()
        formatter.write_text(accepted())


@app.command(cls=_NamesFormats)
def load(paths: Paths, revision: Revision = None, replace: Replace = False, mapping: Mapping = None) -> None:
    """Load extracts."""
    from dashboard.cli.loading import load_all

    raise typer.Exit(load_all(paths, revision=revision, replace=replace, mapping=mapping))


@app.command()
def check(paths: Paths, revision: Revision = None, replace: Replace = False, mapping: Mapping = None) -> None:
    """Check files as `load` does, and save nothing."""
    from dashboard.cli.loading import check_all

    raise typer.Exit(check_all(paths, revision=revision, replace=replace, mapping=mapping))


@app.command()
def fetch(
    months: Annotated[int, typer.Option(min=1, max=600, help="The newest months to have.")] = 24,
    since: Annotated[
        str | None,
        typer.Option(metavar="MONTH", help="Every month from this one on instead, 2016-04 at most."),
    ] = None,
    series: Annotated[
        bool, typer.Option("--series", help="The overview time series too, to reconcile with.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Say what would be done; download and load no file.")
    ] = False,
    if_due: Annotated[
        bool, typer.Option("--if-due", help="Ask nobody before the next month is published; for a timer.")
    ] = False,
) -> None:
    """Load NHS England's published months, reconcile and forecast; 3 if one was refused or not found."""
    from dashboard.cli.fetching import asked_for, check_all, fetch_all

    asked = asked_for(months, since, series=series)
    raise typer.Exit(check_all(asked) if check else fetch_all(asked, if_due=if_due))


@app.command()
def remove(
    source: Annotated[AnySource, typer.Option(help="The source of the extract.")],
    census: Annotated[str, typer.Option(metavar="DATE", help="2025-03, or 2025-03-30 for a weekly list.")],
    provider: Annotated[str | None, typer.Option(metavar="CODE", help="A PTL's trust.")] = None,
) -> None:
    """Remove a census and its roll-ups; the ledger still records that it was loaded."""
    from dashboard.cli.loading import take_out

    raise typer.Exit(take_out(source, census, provider=provider))


@app.command()
def tokens(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="The trust's own PTL.")],
    out: Annotated[Path, typer.Option(metavar="LIST.csv", help="The file to make, outside RTT_HOME.")],
    only: Annotated[list[str] | None, typer.Option(metavar="TOKEN...", help="Only these pathways.")] = None,
    mapping: Mapping = None,
) -> None:
    """Write tokens beside local identifiers, for those who already hold the list."""
    from dashboard.cli.tokens import list_tokens

    raise typer.Exit(list_tokens(files, out=out, only=only or [], mapping=mapping))


@app.command()
def status() -> None:
    """Show what is loaded, the last loads, and what is due."""
    from dashboard.cli.status import print_status

    raise typer.Exit(print_status())


@app.command()
def reconcile(
    layout: Layout = "table",
    tables: Annotated[
        bool,
        typer.Option("--tables", help="The tables by provider or commissioner alone, and each that differs."),
    ] = False,
) -> None:
    """Compare our figures with the published ones, England and tables; exit 0 if equal, 4 if not."""
    from dashboard.cli.reconciling import print_reconciliation, print_tables

    raise typer.Exit((print_tables if tables else print_reconciliation)(layout))


@app.command()
def closed(
    provider: Annotated[str, typer.Argument(help="Its code, such as RA9.")],
    day: Annotated[
        datetime | None, typer.Argument(formats=["%Y-%m-%d"], help="The first day without it.")
    ] = None,
    into: Annotated[
        list[str] | None, typer.Option("--into", help="Who took over its patients; may be repeated.")
    ] = None,
    forget: Annotated[bool, typer.Option("--forget", help="Remove the note.")] = False,
) -> None:
    """Note that a provider has closed or merged: later months are complete without its return."""
    from dashboard.cli.closing import note_closure

    raise typer.Exit(note_closure(provider, day and day.date(), into or [], forget=forget))


@app.command()
def demo(
    until: Until = None,
    seed: Annotated[int | None, typer.Option(help="Another region, of the same kind.")] = None,
    if_stale: Annotated[
        bool, typer.Option("--if-stale", help="Only if there is none, or it is more than 6 days old.")
    ] = False,
    while_served: Annotated[bool, typer.Option("--while-served", hidden=True)] = False,
) -> None:
    """Build the sample data and load it into a database of its own."""
    from dashboard.cli.demo import build_demo

    raise typer.Exit(
        build_demo(until=until and until.date(), seed=seed, if_stale=if_stale, while_served=while_served)
    )


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The first port to try.")] = 8050,
    demo_if_empty: Annotated[
        bool, typer.Option("--demo-if-empty", help="Build a demo, or a newer one, if nothing is loaded.")
    ] = False,
) -> None:
    """Serve the dashboard on this machine."""
    from dashboard.cli.serving import serve_dashboard

    raise typer.Exit(serve_dashboard(port, demo_if_empty=demo_if_empty))


@app.command()
def link(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port of the dashboard.")] = 8050,
) -> None:
    """Print a one-time link to the dashboard on this machine, for its single user."""
    from dashboard.cli import serving

    raise typer.Exit(serving.link(port))


@app.command()
def sessions(
    end: Annotated[str | None, typer.Option(metavar="NAME", help="End the sessions of this person.")] = None,
    end_all: Annotated[bool, typer.Option("--end-all", help="End every session.")] = False,
) -> None:
    """List who is signed in, or end their sessions (sign-in by OpenID Connect)."""
    from dashboard.cli import sessions as of_sessions

    raise typer.Exit(of_sessions.sessions(end=end, end_all=end_all))


@app.command()
def figures(
    source: Annotated[Source | None, typer.Option(help="Default: what is loaded.")] = None,
    census: Annotated[str | None, typer.Option(metavar="DATE", help="2025-03 or 2025-03-30.")] = None,
    level: Annotated[Level, typer.Option(help="The level of organisation.")] = "england",
    organisation: Annotated[str | None, typer.Option(metavar="CODE", help="Only this one.")] = None,
    part: Annotated[Part | None, typer.Option(help="Only this part of the return.")] = None,
    treatment_function: Annotated[
        str | None, typer.Option(metavar="CODE", help="C_100; C_999 is all.")
    ] = None,
    include_nonc: Annotated[
        bool, typer.Option("--include-nonc", help="Keep the pathways of non-English commissioners.")
    ] = False,
    history: Annotated[
        History, typer.Option(help="Organisations as they are now, or as each month had them.")
    ] = "now",
    small_numbers: Annotated[
        bool, typer.Option("--small-numbers", help="Write a PTL's small numbers as words.")
    ] = False,
    layout: Layout = "table",
) -> None:
    """Print figures, unrounded: one row per census, organisation, treatment function and part."""
    from dashboard.cli.printing import print_figures

    raise typer.Exit(
        print_figures(
            layout,
            source=source,
            census=census,
            level=level,
            organisation=organisation,
            part=part,
            treatment_function=treatment_function,
            include_nonc=include_nonc,
            history=history,
            small_numbers=small_numbers,
        )
    )


@app.command()
def why(
    organisation: Annotated[
        str | None,
        typer.Option("--org", metavar="CODE", help="A provider, ICB, region or commissioner; else England."),
    ] = None,
    measure: Annotated[str, typer.Option(help="total, share_within_18, stops and others.")] = "total",
    first: Annotated[str, typer.Option("--from", metavar="BASIS", help="Default: own.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="BASIS", help="nonc, provider, 2026-05.")] = "",
    census: Annotated[str, typer.Option(metavar="MONTH", help="2025-03; default the newest.")] = "",
    treatment_function: Annotated[
        str | None, typer.Option("--tf", metavar="CODE", help="Only this specialty.")
    ] = None,
    layout: Layout = "table",
) -> None:
    """Print why a figure differs from another published one: step by step, adding up exactly."""
    from dashboard.cli.why import print_why

    raise typer.Exit(
        print_why(layout, organisation, treatment_function, measure, basis=first, against=last, census=census)
    )


@app.command()
def forecast(
    backtest: Annotated[
        bool, typer.Option("--backtest", help="Print the accuracy of past forecasts; issue nothing.")
    ] = False,
    panel: Annotated[
        bool, typer.Option("--panel", help="With --backtest: only providers over 5,000 in every month.")
    ] = False,
    commissioners: Annotated[
        bool,
        typer.Option("--commissioners", help="With --backtest: regions, ICBs and commissioners instead."),
    ] = False,
    layout: Layout = "table",
) -> None:
    """Forecast from the newest census of each source, and keep each forecast as issued."""
    from dashboard.cli.forecasting import issue_forecasts, print_back_test

    if (panel or commissioners) and not backtest:
        raise typer.BadParameter("--panel and --commissioners belong to --backtest")
    if panel and commissioners:
        raise typer.BadParameter("--panel is of providers: leave out --commissioners")
    raise typer.Exit(
        print_back_test(layout, panel=panel, commissioners=commissioners) if backtest else issue_forecasts()
    )


@app.command()
def plan(
    org: Annotated[str | None, typer.Option(metavar="CODE", help="Default: England.")] = None,
    tf: Annotated[str | None, typer.Option(metavar="CODE", help="One specialty: C_110, or 110.")] = None,
    target: Annotated[
        float | None, typer.Option(min=0, max=100, help="Within 18 weeks: 0.65, or 65 per cent.")
    ] = None,
    due: Annotated[str | None, typer.Option(metavar="DATE", help="2026-03 or 2026-03-31.")] = None,
    most52: Annotated[float | None, typer.Option(help="Per cent of the list over 52 weeks, at most.")] = None,
    stops: Annotated[float | None, typer.Option(help="More clock stops, in per cent.")] = None,
    growth: Annotated[float | None, typer.Option(help="More clock starts, in per cent a year.")] = None,
    removals: Annotated[float | None, typer.Option(help="Removals, times those of now.")] = None,
    longest: Annotated[
        float | None, typer.Option(help="Per cent of the stops that go to the longest waiters.")
    ] = None,
    sprint: Annotated[
        str | None, typer.Option(metavar="PCT:FROM:TO", help="More clock stops between two days.")
    ] = None,
    validate: Annotated[
        str | None, typer.Option(metavar="PCT:WEEKS:DATE", help="Of those over some weeks, taken off.")
    ] = None,
    tracking: Annotated[
        bool, typer.Option("--list", help="Of the newest PTL: who no longer breaches with more slots a week.")
    ] = False,
    slots: Annotated[int | None, typer.Option(min=1, max=500, help="With --list: more slots a week.")] = None,
    soonest: Annotated[
        bool, typer.Option("--next-first", help="With --list: next to breach first, not longest wait first.")
    ] = False,
    left: Annotated[
        int | None, typer.Option(min=1, max=10_000, help="With --list: so many may still breach.")
    ] = None,
    threshold: Annotated[
        int | None, typer.Option(metavar="WEEKS", help="With --list: 18, 26, 52, 65 or 78 weeks.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Work out and print every plan.")] = False,
    backtest: Annotated[
        bool, typer.Option("--backtest", help="Print how plans would have done on past months.")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="The same as --format csv.")] = False,
    layout: Layout = "table",
) -> None:
    """Work out what it would take to reach a target by a date: more clock stops a week, and how sure."""
    from dashboard.cli.planning import print_all, print_plan, print_score
    from dashboard.cli.planning_slots import print_slots

    written = "csv" if as_csv else layout
    if every or backtest:
        if every and backtest:
            raise typer.BadParameter("--all and --backtest are asked for one at a time")
        raise typer.Exit((print_all if every else print_score)(written))
    of_list = {"slots": slots, "left": left, "threshold": threshold, "order": "next" if soonest else None}
    of_return = (target, most52, stops, growth, removals, longest, sprint, validate)
    if tracking:
        if any(given is not None for given in of_return):
            raise typer.BadParameter("--list has slots, and no targets or dials of the monthly return")
        asked = {name: str(given) for name, given in of_list.items() if given is not None}
        raise typer.Exit(print_slots(written, org, tf, **asked, due=due or ""))
    if any(given is not None for given in of_list.values()):
        raise typer.BadParameter("--slots, --next-first, --left and --threshold belong to --list")
    numbers = {
        "target": 100 * target if target is not None and target <= 1 else target,
        "most52": most52,
        "stops": stops,
        "growth": growth,
        "removals": removals,
        "longest": longest,
    }
    asked = {name: f"{round(value, 4):g}" for name, value in numbers.items() if value is not None}
    asked |= {"due": due or "", "sprint": sprint or "", "validate": validate or ""}
    raise typer.Exit(print_plan(written, org, tf, **asked))


@app.command()
def trajectory(
    org: Annotated[str, typer.Option(metavar="CODE", help="Whose plan it is.")],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE.csv", exists=True, dir_okay=False, help="Month, measure, value."),
    ] = None,
    tf: Annotated[str | None, typer.Option(metavar="CODE", help="One specialty: C_110, or 110.")] = None,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Take back what you loaded or typed, instead of a file.")
    ] = False,
) -> None:
    """Load an organisation's own plan, month by month, to be drawn beside its forecast; or take it back."""
    from dashboard.cli.planning import load_trajectory, withdraw_trajectory

    if (file is None) != withdraw:
        raise typer.BadParameter("give a file to load, or --withdraw")
    raise typer.Exit(load_trajectory(file, org, tf) if file else withdraw_trajectory(org, tf))


@app.command()
def watch(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", exists=True, file_okay=False, help="The folder to watch.")
    ],
    seconds: Annotated[float, typer.Option(min=0.1, help="Seconds between two looks.")] = 10.0,
    once: Annotated[
        bool, typer.Option("--once", help="Load complete files, then stop; for a timer.")
    ] = False,
    mapping: Mapping = None,
    keep_lists: Annotated[
        int, typer.Option(min=0, help="Days to keep PTLs in done/lists; 0 deletes them.")
    ] = 0,
) -> None:
    """Load each file that is put into a folder once, then forecast."""
    from dashboard.cli.watching import watch_folder

    raise typer.Exit(watch_folder(folder, seconds=seconds, once=once, mapping=mapping, list_days=keep_lists))


@app.command()
def mail(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE...", exists=True, dir_okay=False, help="To attach.")
    ] = None,
) -> None:
    """Send the weekly email: the headline, what needs attention, and the attached files."""
    from dashboard.cli.mailing import mail_weekly

    raise typer.Exit(mail_weekly(files or []))


@app.command()
def alerts() -> None:
    """Write to readers about what is new in the services they keep, and send what waits."""
    from dashboard.cli.alerting import send_alerts

    raise typer.Exit(send_alerts())


@app.command()
def pack(
    scope: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Default: the trust of the loaded PTL, else England."),
    ] = None,
    census: Annotated[
        str | None, typer.Option(metavar="DATE", help="2026-10, or 2026-10-25 for a weekly list.")
    ] = None,
    template: Annotated[
        list[Path] | None,
        typer.Option(
            exists=True, dir_okay=False, help="The trust's own template, .pptx or .docx; may be repeated."
        ),
    ] = None,
    formats: Annotated[
        str | None, typer.Option(metavar="LIST", help=f"Some of {','.join(NAMES)}; default all.")
    ] = None,
    audience: Annotated[
        Literal["public", "internal"],
        typer.Option(help="Internal shows small numbers of a PTL; printed on the pack."),
    ] = "public",
    history: Annotated[
        History, typer.Option(help="Months before a merger added up as now, or as each month had them.")
    ] = "now",
    out: Annotated[Path, typer.Option(metavar="DIR", file_okay=False, help="The folder to write to.")] = Path(
        "."
    ),
) -> None:
    """Make the board pack; exit 4 if it is stamped DRAFT because its data are late or faulty."""
    from dashboard.cli.packing import make_pack

    raise typer.Exit(
        make_pack(
            scope,
            census,
            templates=template or [],
            formats=formats,
            audience=audience,
            history=history,
            out=out,
        )
    )


app.add_typer(lake, name="lake")
