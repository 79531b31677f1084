"""Passwords and mail addresses that change, proved by a link in a mail or by the password."""
