"""All SQL of the dashboard, reads and writes, and the cache of what is read.

Each function takes the connection first and the filters second and returns one tidy result; none of them
draws or decides what a figure means.
"""
