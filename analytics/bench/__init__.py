"""Speed measured on a scratch database: `python manage.py bench`. What is measured: docs/performance.md.

The command only makes databases and bills. Everything measured runs in processes of its own
(`steps`), which find the scratch database in their environment.
"""
