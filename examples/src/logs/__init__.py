"""What the web server's log says about visitors."""
