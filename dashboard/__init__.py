"""How people see it: the web pages, the command line, the exports."""
