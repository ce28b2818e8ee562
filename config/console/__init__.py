"""The console as a whole: its overview, its navigation, its search, and what one person did in all apps."""
