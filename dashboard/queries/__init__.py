"""Every SELECT the dashboard makes, one module for each kind of answer.

`holdings` says what is in the database, `counts` reads band vectors, `figures` makes the table of figures
that pages, exports and `rtt figures` share. Each function takes the connection first and the filters second
and returns one tidy result; none of them draws or decides what a figure means.
"""
