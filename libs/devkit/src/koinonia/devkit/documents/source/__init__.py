"""The source of the services as a graph: names, functions, and the errors that they can raise."""
