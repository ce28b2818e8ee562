"""PostgreSQL as Django knows it, through a pool that hands out no connection which the server has closed meanwhile."""
