"""Runs the whole site on one machine: `make run`.

Starts the embedded services, brings the database up to date, then keeps the site's processes running: a process that
ends is started again, later after each failure in a row. Ctrl-C or SIGTERM stops everything. Should this process
itself be killed, the kernel ends its children and the keeper of the embedded services follows.
"""
