"""How the site writes what Django writes by itself, such as the times in the console."""
