"""Where somebody is signed in: their sessions, the devices and networks they are used from."""
