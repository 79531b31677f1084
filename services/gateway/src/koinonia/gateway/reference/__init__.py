"""The interface of all services: the generated document, and a page made from it."""
