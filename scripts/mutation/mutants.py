"""Lists the mutants that slither-mutate would make, as JSON: mutants.py BUILD FILE...

slither-mutate itself tries its mutants one after the other in the working folder. This prints them, so that they can be
tried elsewhere, several at a time, and again after an interruption.
"""

import inspect
import json
import sys
from pathlib import Path

from slither import Slither
from slither.tools.mutator.mutators import LIR, all_mutators
from slither.tools.mutator.mutators.abstract_mutator import AbstractMutator

MUTATORS = [
    mutator
    for mutator in vars(all_mutators).values()
    if inspect.isclass(mutator) and issubclass(mutator, AbstractMutator)
]


def mutants_of(unit, contract):
    """Every mutant of the functions and variables that the contract declares itself."""
    # A list of the module that only ever grows: without this, mutants would depend on what came before.
    LIR.literal_replacements.clear()
    for mutator in MUTATORS:
        made = mutator(unit, 0, "", "", contract, None, False, Path(), [])._mutate()
        for patches in made.get("patches", {}).values():
            for patch in patches:
                yield {
                    "contract": contract.name,
                    "mutator": mutator.NAME,
                    "line": patch["line_number"],
                    "start": patch["start"],
                    "end": patch["end"],
                    "text": patch["new_string"],
                }


def main(build, files):
    slither = Slither(".", ignore_compile=True, npx_disable=True, hardhat_artifacts_directory=build)
    found = {}
    for unit in slither.compilation_units:
        for contract in unit.contracts:
            file = contract.source_mapping.filename.relative
            if file in files and not contract.is_interface:
                found.setdefault(file, []).extend(mutants_of(unit, contract))
    json.dump(found, sys.stdout)


main(sys.argv[1], set(sys.argv[2:]))
