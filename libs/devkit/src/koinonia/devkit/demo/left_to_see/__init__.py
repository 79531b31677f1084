"""What the demo leaves for whoever opens the pages."""
