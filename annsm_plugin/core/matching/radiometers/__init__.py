"""Other sources of brightness temperature than JAXA's files."""
