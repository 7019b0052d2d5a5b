"""`python -m graph_builder` is `accords`."""

from graph_builder.cli import main

main()
