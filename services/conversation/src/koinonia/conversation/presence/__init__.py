"""Who is answering which thread at this moment."""
