"""The formats of a pack, in the order in which they are offered: each name is a folder with a `FORMAT`.

The names stand here so that the command's help can list them without an import.
"""

NAMES = ("pptx", "docx", "xlsx", "pdf", "html")
