"""The interface of all services as one document, and as a page to read."""
