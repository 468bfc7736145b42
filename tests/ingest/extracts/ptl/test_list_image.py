"""The image of a list says what its rows say, goes when they go, and no figure rests on it being there."""

import hashlib
import io
from datetime import date, timedelta

import polars as pl
import pytest
from sqlalchemy import delete, func, select, update

from ingest.extracts import LoadOptions
from ingest.extracts.ptl.list_image import LISTED, image_of, kept_list
from ingest.loading.load import load_path, remove
from ingest.store.database import writing
from ingest.store.schema import extract, list_image, movement, pathway
from tests.dashboard import tracked
from tests.tracking_lists import KEY, as_csv, stop

WEEKS = [date(2026, 10, 25) + timedelta(weeks=number) for number in range(4)]
CENSUS, IMAGE = WEEKS[-1], list_image.c.image


@pytest.fixture
def files(tmp_path):
    """Four lists of the same pathways but for some, and the stops of the last three weeks."""
    paths = {}
    rows = [tracked.rows(60, seed=number, census=week) for number, week in enumerate(WEEKS)]
    for number, week in enumerate(WEEKS):
        listed = [
            {
                **{key: cell for key, cell in row.items() if key != "deprivation"},
                "pathway_id": f"P{at}",
                "referral_id": f"R{at}",
            }
            for at, row in enumerate(rows[number])
            if (at + number) % 9
        ]
        paths["open", week] = tmp_path / f"open-{week}.csv"
        paths["open", week].write_bytes(as_csv(listed))
        if number:
            gone = [
                stop(
                    pathway_id=f"P{at}",
                    referral_id=f"R{at}",
                    week_ending=f"{week}",
                    clock_stop=f"{week - timedelta(3)}",
                )
                for at in range(60)
                if not (at + number) % 9
            ]
            paths["stops", week] = tmp_path / f"stops-{week}.csv"
            paths["stops", week].write_bytes(as_csv(gone))
    return paths


def _load(engine, *paths, **said):
    for path in paths:
        (result,) = load_path(engine, path, options=LoadOptions(token_key=KEY, **said))
        assert result.state == "loaded", result.problems


def _movements(engine):
    """What is counted, in one order, without the number of the extract."""
    chosen = [column for column in movement.c if column.name != "extract_id"]
    with engine.connect() as connection:
        return connection.execute(select(*chosen).order_by(*movement.primary_key.columns)).all()


def _imaged(engine):
    """The days of which an image is held."""
    held = select(extract.c.census_date).join(list_image, list_image.c.extract_id == extract.c.id)
    with engine.connect() as connection:
        return sorted(connection.execute(held).scalars())


def _with_rows(engine):
    with engine.connect() as connection:
        return sorted(connection.execute(select(pathway.c.census_date).distinct()).scalars())


def test_the_image_holds_what_the_rows_hold_and_no_more(files, engine):
    _load(engine, files["open", CENSUS])
    with writing(engine) as connection:
        extract_id, image = connection.execute(select(list_image.c.extract_id, IMAGE)).one()
        imaged = kept_list(connection, extract_id)
        connection.execute(delete(list_image))
        assert kept_list(connection, extract_id).sort("token").equals(imaged.sort("token"))
    assert imaged.height == 54
    assert pl.read_ipc(io.BytesIO(image)).columns == list(LISTED)
    assert set(LISTED) < {column.name for column in pathway.c}


def test_the_image_is_made_of_its_values_alone(files, sqlite_engine):
    """A column that is cut from another may have the rest of it behind it: cells of the file."""
    _load(sqlite_engine, files["open", CENSUS])
    columns = [pathway.c[name] for name in LISTED]
    order = (pathway.c.urgency, pathway.c.wait_order.desc(), pathway.c.token)
    with sqlite_engine.connect() as connection:
        rows = connection.execute(select(*columns).order_by(*order)).all()
        held = connection.execute(select(IMAGE)).scalar()
    assert (
        image_of(pl.DataFrame([tuple(row) for row in rows], schema=LISTED, orient="row")).rows[0][0] == held
    )


def test_nothing_is_written_behind_the_blanks_of_an_image():
    """A date that cannot be meant, a birth date for example, is made null and must not stand there."""
    blank = dict.fromkeys(LISTED) | {"token": "a"}
    one = pl.DataFrame([blank], schema=LISTED)
    cells = {pl.String: "Smith", pl.Date: date(1950, 3, 14), pl.Int32: 19500314}
    filled = pl.DataFrame([{name: cells[kind] for name, kind in LISTED.items()}], schema=LISTED)
    blanked = filled.select(
        "token", *(pl.when(pl.lit(False)).then(name) for name in LISTED if name != "token")
    )
    blanked = blanked.with_columns(token=pl.lit("a")).select(*LISTED)
    assert blanked.equals(one)
    assert image_of(blanked).rows == image_of(one).rows


def _lost(_):
    return None


def _damaged(image):
    return bytes([*image[:-400], image[-400] ^ 1, *image[-399:]]), hashlib.sha256(image).hexdigest()


def _of_other_columns(_):
    """As another version of the product may have kept it: readable, and as it was written."""
    stream = io.BytesIO()
    pl.DataFrame({"token": ["a"], "site": ["b"]}).write_ipc(stream)
    return stream.getvalue(), hashlib.sha256(stream.getvalue()).hexdigest()


def _unreadable(_):
    """As a library would leave it that writes another format."""
    other = b"ARROW2" + bytes(2000)
    return other, hashlib.sha256(other).hexdigest()


@pytest.mark.parametrize("spoilt", [_lost, _damaged, _of_other_columns, _unreadable])
def test_an_image_that_cannot_be_used_changes_no_figure(files, engine, spoilt):
    _load(engine, *files.values())
    expected = _movements(engine)
    for week in WEEKS:
        remove(engine, "weekly", week)
    assert _movements(engine) == []
    for path in files.values():
        _load(engine, path)
        with writing(engine) as connection:
            for extract_id, image in connection.execute(select(list_image.c.extract_id, IMAGE)).all():
                here = list_image.c.extract_id == extract_id
                made = spoilt(image)
                if made is None:
                    connection.execute(delete(list_image).where(here))
                else:
                    connection.execute(update(list_image).where(here).values(image=made[0], sha256=made[1]))
    assert _movements(engine) == expected
    assert len(expected) > 100


def test_an_image_goes_with_its_list(files, engine):
    _load(engine, *(files["open", week] for week in WEEKS))
    assert _imaged(engine) == WEEKS
    remove(engine, "weekly", WEEKS[1])
    assert _imaged(engine) == [WEEKS[0], *WEEKS[2:]]
    _load(engine, files["open", CENSUS], replace=True)
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(list_image)).scalar() == 3


def test_images_are_kept_as_long_as_the_pathways(files, engine):
    for week in WEEKS:
        _load(engine, *(files[section, week] for section in ("stops", "open") if (section, week) in files))
    expected = _movements(engine)
    _load(engine, files["open", CENSUS], replace=True, snapshots_kept=1)
    # The first list waits for the week before it.
    assert _imaged(engine) == _with_rows(engine) == [WEEKS[0], CENSUS]
    assert _movements(engine) == expected


def test_no_pathway_is_written_of_a_list_of_which_it_would_be_deleted_again(files, engine):
    for week in WEEKS:
        _load(engine, *(files[section, week] for section in ("stops", "open") if (section, week) in files))
    expected = _movements(engine)
    for week in WEEKS:
        remove(engine, "weekly", week)
    # Newest first: the two that are kept come before the others.
    for week in reversed(WEEKS):
        at_hand = [files[section, week] for section in ("stops", "open") if (section, week) in files]
        _load(engine, *at_hand, snapshots_kept=2)
        assert _with_rows(engine) == [day for day in WEEKS[-2:] if day >= week]
    assert _movements(engine) == expected
    # Only the oldest still waits for a neighbour.
    assert _imaged(engine) == [WEEKS[0], *WEEKS[-2:]]


def test_an_image_alone_that_is_damaged_leaves_the_movement_out_and_nothing_wrong(files, engine):
    for week in WEEKS[:0:-1]:
        _load(engine, files["open", week], files["stops", week], snapshots_kept=1)
    counted = _movements(engine)
    with writing(engine) as connection:
        connection.execute(update(list_image).values(image=b"no image"))
    _load(engine, files["open", WEEKS[0]], snapshots_kept=1)
    assert _movements(engine) == counted
    _load(engine, files["open", WEEKS[1]], replace=True, snapshots_kept=1)
    assert [row for row in _movements(engine) if row not in counted]
