"""Files as they come: archives, workbooks, folders, sizes, and what is said of them."""
