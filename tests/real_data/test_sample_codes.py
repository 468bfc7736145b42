"""The sample's organisations exist nowhere: none of their codes is in the published files."""

import io
import zipfile
from pathlib import Path

import polars as pl
import pytest

from sample_data.places import COMMISSIONERS, ICB_CODE, NON_ENGLISH, REGION_CODE, TRUSTS

INVENTED = {ICB_CODE, REGION_CODE} | {c.code for c in COMMISSIONERS[:NON_ENGLISH]}
INVENTED |= {code for trust in TRUSTS for code in (trust.code, *trust.sites)}


@pytest.mark.real_data
def test_no_code_of_the_sample_is_in_use(published: Path) -> None:
    lookup = next((published / "reference").glob("lookup_provider_region_type*.csv"))
    newest = max((published / "national").glob("*.zip"))
    with zipfile.ZipFile(newest) as packed:
        rows = pl.read_csv(io.BytesIO(packed.read(packed.namelist()[0])), infer_schema=False)
    in_use = set(pl.read_csv(lookup, infer_schema=False)["provider_code"])
    for heading in rows.columns:
        if heading.endswith("Org Code"):
            in_use |= set(rows[heading].drop_nulls())
    assert len(in_use) > 500
    assert in_use & INVENTED == set()
