"""Reading, checking and loading handed-in files.

`columns` says what a good file is, `cells` what a good value is, `reading` turns any file into
blocks of text cells, `checking` is the judge of one row, `accepting` the fast path that lets
through rows it is sure of, and one loader per kind writes them.
"""
