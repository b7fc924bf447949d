"""PostgreSQL and Valkey from wheels, and the processes around them, for `manage.py up` and `manage.py test`."""
