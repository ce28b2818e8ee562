"""`python -m config.embedded` deletes the embedded servers' data, where nobody uses it (`make fresh`)."""

import shutil
import sys

from config import embedded

if embedded.state_dir().exists() and embedded.keeper_is_running():
    sys.exit("The site or a command is still running in this folder. Stop it first.")
shutil.rmtree(embedded.postgres_home(), ignore_errors=True)
for service in ("postgres", "redis"):
    shutil.rmtree(embedded.socket_dir(service), ignore_errors=True)
