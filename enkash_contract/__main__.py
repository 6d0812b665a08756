"""`python -m enkash_contract` is the command line."""

from enkash_contract.cli.main import main

main(prog_name="enkash-contract")
