"""`python -m twin.cli`."""

from twin.cli import main

# What the server starts to work apart imports this module and must not run the command again.
if __name__ == "__main__":
    main()
