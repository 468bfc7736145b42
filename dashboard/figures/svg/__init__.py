"""A plot as an SVG picture, for files that no office program opens: HTML and PDF.

What matplotlib keeps on disk, a list of this machine's fonts, lies with the other files in passing.
"""

import os
import tempfile

if "MPLCONFIGDIR" not in os.environ:
    os.environ["MPLCONFIGDIR"] = tempfile.mkdtemp(prefix="fonts-")
