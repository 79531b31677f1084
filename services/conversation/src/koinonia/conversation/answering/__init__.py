"""What goes out of a thread: what staff answer, and what is answered for them."""
