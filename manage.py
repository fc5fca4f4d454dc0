#!/usr/bin/env python
"""Django's command line. Starts the local servers when none are configured."""

import os
import sys

from django.core.management import execute_from_command_line

from crm.local import servers

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    servers.ensure()
    execute_from_command_line(sys.argv)
