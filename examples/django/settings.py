import os
import secrets
from urllib.parse import urlsplit

from one_login import PUBLIC_URL

# It signs drafts. All instances of the service need the same key.
SECRET_KEY = os.environ.get("SECRET_KEY") or secrets.token_hex()
ALLOWED_HOSTS = [urlsplit(PUBLIC_URL).hostname]
ROOT_URLCONF = "views"
MIDDLEWARE = ["views.OneLoginMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": ["templates"]}]
