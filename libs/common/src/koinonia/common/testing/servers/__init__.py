"""PostgreSQL, RabbitMQ and Redis, found or started.

Each of the three is resolved on its own, in this order: its URL in the environment; a Docker
engine; a binary of this machine, started as a private instance below a folder on ports of its own;
on Debian or Ubuntu as root that binary is installed first. Otherwise :class:`ServerError`
says in one sentence what to install.

    servers = start_servers(Path(".run"), durable=True)
    servers.database_url, servers.rabbitmq_url, servers.redis_url
    servers.postgres.kill(); servers.postgres.start()   # same address, same data
    Servers.load(Path(".run")).stop()                   # from any other process

``durable`` keeps PostgreSQL's writes safe from a crash of the machine; without it the servers are
for tests, and :meth:`Servers.discard` ends them in the quickest way and removes the folder.
"""

from koinonia.common.testing.servers.errors import ServerError
from koinonia.common.testing.servers.group import Servers, start_servers
from koinonia.common.testing.servers.server import Row, Server

__all__ = ["Row", "Server", "ServerError", "Servers", "start_servers"]
