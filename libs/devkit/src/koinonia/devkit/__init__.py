"""The whole system on one machine: servers, processes, simulated carrier, demo."""
