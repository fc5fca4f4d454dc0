"""Reading, checking and loading handed-in files.

`columns` says what a good file is, `cells` what a good value is, `reading` turns any file into
blocks of rows, `checking` is the judge of one row, `accepting` the fast path that lets through
rows of member bills it is sure of (`compiled` reads their bytes), and one loader per kind writes
them.
"""
