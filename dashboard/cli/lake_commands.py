"""`rtt lake`: what its commands and options are called. What does the work is imported by the command."""

from pathlib import Path
from typing import Annotated, Literal

import typer

lake = typer.Typer(
    help="Every trust's weekly PTLs for years: add lists, build facts, publish them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Address = Annotated[
    str,
    typer.Option("--lake", envvar="RTT_LAKE", metavar="ADDRESS", help="A folder, or s3://BUCKET/PREFIX."),
]
Census = Annotated[str | None, typer.Option(metavar="DATE", help="Only this week: 2026-11-15.")]
Layout = Annotated[
    Literal["table", "csv", "json"], typer.Option("--format", help="How the table is written.")
]


@lake.command()
def add(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", exists=True, help="PTLs of one trust.")],
    lake: Address,
    revision: Annotated[
        int | None, typer.Option(min=0, help="The revision number, instead of the one in the file's name.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Add the file even if it looks older, smaller or different.")
    ] = False,
    mapping: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="A TOML file that describes the columns of a PTL."),
    ] = None,
) -> None:
    """Add a trust's PTLs, at the trust: no name, NHS number, birth date or key leaves it."""
    from dashboard.cli.lakes import add_all

    raise typer.Exit(add_all(lake, files, revision=revision, replace=replace, mapping=mapping))


@lake.command()
def build(
    lake: Address,
    engine: Annotated[str, typer.Option(help="local, or spark://HOST:PORT.")] = "local",
    workers: Annotated[
        int | None, typer.Option(min=1, max=256, help="Processes on this machine; default one a core.")
    ] = None,
    census: Census = None,
    provider: Annotated[str | None, typer.Option(metavar="CODE", help="Only this trust.")] = None,
    again: Annotated[
        bool,
        typer.Option(
            "--again", help="Build again what is already built, for example because a file is damaged."
        ),
    ] = False,
) -> None:
    """Work out the facts of what was added or revised; 3 if a list could not be used."""
    from dashboard.cli.lakes import build_lake

    raise typer.Exit(build_lake(lake, engine, workers=workers, census=census, provider=provider, again=again))


@lake.command()
def publish(
    lake: Address,
    census: Census = None,
    pathways: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE", help="Also the pathways of this trust's newest PTL, each time; may be repeated."
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace lists that were loaded otherwise, whatever they are.")
    ] = False,
) -> None:
    """Put complete weeks into the database of the dashboard; 3 if one is not complete or was refused."""
    from dashboard.cli.lakes import publish_lake

    raise typer.Exit(publish_lake(lake, census=census, pathways=pathways or [], replace=replace))


@lake.command()
def status(
    lake: Address,
    census: Census = None,
    provider: Annotated[str | None, typer.Option(metavar="CODE", help="Only this trust.")] = None,
    layout: Layout = "table",
) -> None:
    """Print by week and trust what is there, missing, refused, revised, built and published."""
    from dashboard.cli.lakes import print_lake

    raise typer.Exit(print_lake(lake, layout, census=census, provider=provider))


@lake.command()
def prune(
    lake: Address,
    keep: Annotated[
        int | None,
        typer.Option(min=2, max=520, help="PTLs of each trust to keep; default RTT_SNAPSHOTS_KEPT."),
    ] = None,
) -> None:
    """Remove single pathways of all but each trust's newest PTLs; what was counted stays."""
    from dashboard.cli.lakes import prune_lake

    raise typer.Exit(prune_lake(lake, keep))
