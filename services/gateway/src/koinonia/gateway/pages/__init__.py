"""The pages that a browser is given: the built ``web/``, in memory."""
