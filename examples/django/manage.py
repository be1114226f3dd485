"""Start the service with `python manage.py runserver`."""
import os
import sys

from django.core.management import execute_from_command_line
from django.core.management.commands.runserver import Command as RunServer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
RunServer.default_port = os.environ.get("PORT", "5000")
execute_from_command_line(sys.argv)
