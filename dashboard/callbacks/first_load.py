"""What a browser fetches first, and in which order: words and tiles before the program that draws charts.

Dash names a script for whatever it could show. Left out here are its polyfill, for browsers in which its
other scripts do not run (`assets/generators.js` is the one part of it that they use), and its table,
which no page has. Plotly is more than half of the rest: `assets/late.js` fetches it beside the others and
lets nothing wait for it but the charts.
"""

import re
from pathlib import Path

from dash import Dash

PLOTLY, ICON = "plotly.min.js", "icon.svg"
_LEFT_OUT = re.compile(r'<script src="[^"]*/(?:deps/polyfill@|dash_table/)[^"]*"></script>\n?')


class QuickDash(Dash):
    """Dash with a first load of its own; Plotly must not be among the assets that it names by itself."""

    def interpolate_index(
        self,
        metas: str = "",
        title: str = "",
        css: str = "",
        config: str = "",
        scripts: str = "",
        app_entry: str = "",
        favicon: str = "",
        renderer: str = "",
    ) -> str:
        """The page that every address answers with."""
        plotly, icon = self._file(PLOTLY), self._file(ICON)
        late = f'<link rel="preload" as="script" fetchpriority="low" id="plotly" href="{plotly}">'
        return str(
            Dash.interpolate_index(
                self,
                metas=metas,
                title=title,
                css=css + late,
                config=config,
                scripts=_LEFT_OUT.sub("", scripts),
                app_entry=app_entry,
                favicon=f'<link rel="icon" type="image/svg+xml" href="{icon}">',
                renderer=renderer,
            )
        )

    def _file(self, name: str) -> str:
        """The address of an asset; it changes when the file does."""
        changed = (Path(self.config.assets_folder) / name).stat().st_mtime
        return f"{self.get_asset_url(name)}?m={changed}"
