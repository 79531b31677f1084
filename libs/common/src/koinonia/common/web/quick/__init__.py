"""Reads past what FastAPI does anew at each request.

It looks for a route twice, router by router, and works out each time what the route declares: which
dependencies there are and of which kind, under which names their values go on. That was a third of
a cold list (docs/performance.md). Here it is worked out once: ``read_routes.py`` finds a route by
its address, ``inputs.py`` asks its dependencies in the order that was found.

A route does nothing for it: it is declared, described, checked and answered as any other. What is
not a plain read (a body, a stream, a dependency of another kind) goes FastAPI's way.
"""
