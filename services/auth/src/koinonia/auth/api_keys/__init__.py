"""Keys by which programs act for a church, with permissions of their own."""
