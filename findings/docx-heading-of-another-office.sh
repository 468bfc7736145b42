#!/bin/sh
# python-docx 1.2.0: styles["Heading 1"] raises KeyError although "Heading 1" is among the names of the styles.
#
# Word names its built-in style "heading 1" in the file; python-docx shows that as "Heading 1" and turns what is
# looked up into small letters before it searches. LibreOffice names the style "Heading 1" in the file. It is
# shown as it stands, and a look-up searches for "heading 1" and finds nothing. A document made from such a
# template therefore has to find its headings by going through the styles.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-docx==1.2.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

from docx import Document

document = Document()
# As LibreOffice writes it: w:style w:styleId="Heading1" with w:name w:val="Heading 1".
document.styles["Heading 1"].element.name_val = "Heading 1"
listed = [style.name for style in document.styles if style.name.lower() == "heading 1"]
try:
    document.styles["Heading 1"]
    found = "found"
except KeyError as error:
    found = f"KeyError: {error}"
print(f"python-docx {version('python-docx')}: listed {listed}, looked up: {found}")
sys.exit(not (listed == ["Heading 1"] and found.startswith("KeyError")))
PYTHON
