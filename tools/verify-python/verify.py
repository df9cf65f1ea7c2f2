#!/usr/bin/env python3
"""Verifies proof bundles of BROP without a network: docs/proof-bundles.md.

    python3 verify.py BUNDLE --trust GENESIS [FILE] [--authority CERTIFICATE...] [--json]
    python3 verify.py --vectors test/vectors/bundles/vectors.json

It shares no code with BROP and needs Python 3.9 and nothing else; openssl, where there are time-stamp tokens.
Exit code: 0 proven and standing, 3 not proven, 2 the command line or the trusted start is not understood.
"""

import argparse
import hashlib
import json
import pathlib
import ssl
import sys

from form import Fault, read_bundle, read_json
from statements import ALGORITHMS, verify
from trust import Trust


def main():
    parser = argparse.ArgumentParser(description="Verifies a proof bundle of BROP without a network.")
    parser.add_argument("bundle", nargs="?")
    parser.add_argument("file", nargs="?", help="the data that the bundle is about")
    parser.add_argument("--trust", help="the network's genesis file, or a checkpoint")
    parser.add_argument("--authority", nargs="*", default=[], help="trusted time-stamping certificates, PEM or DER")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--vectors", help="try all test vectors of this list")
    options = parser.parse_args()
    if options.vectors:
        return try_vectors(pathlib.Path(options.vectors))
    if not options.bundle:
        parser.error("name a bundle")
    try:
        data = pathlib.Path(options.bundle).read_bytes()
        trust = None if options.trust is None else read_trust(options.trust)
        digest = None if options.file is None else file_digest(options.file, data)
        authorities = [certificate(name) for name in options.authority]
    except (OSError, ValueError, KeyError, TypeError, Fault) as error:
        print(f"can not be read: {error}", file=sys.stderr)
        return 2
    verdict = verify(data, trust, digest, authorities)
    show(verdict, options.json)
    standing = [one["facts"]["status"] for one in verdict["statements"] if one["name"] == "status" and "facts" in one]
    return 0 if verdict["state"] == "proven" and not {"revoked", "superseded"} & set(standing) else 3


def show(verdict, as_json):
    if as_json:
        print(json.dumps(verdict, indent=2))
        return
    print(verdict["state"].upper() + (f": {verdict['reason']}" if "reason" in verdict else ""))
    for one in verdict["statements"]:
        print(f"  {one['name']:<13} {one['state']} {one.get('reason', '')}".rstrip())
        facts = one.get("facts", [])
        for fact in facts if isinstance(facts, list) else [f"{name}: {value}" for name, value in facts.items()]:
            print(f"      {fact}")


def read_trust(path):
    return Trust(read_json(pathlib.Path(path).read_bytes().decode("utf-8-sig")))


def certificate(path):
    data = pathlib.Path(path).read_bytes()
    return ssl.PEM_cert_to_DER_cert(data.decode()) if data.startswith(b"-----") else data


def file_digest(path, bundle):
    try:
        code = read_bundle(bundle)["claim"].get("record", {}).get("algorithm")
    except Fault:
        return None
    digest = hashlib.new(ALGORITHMS.get(code, "sha256"))
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return "0x" + digest.hexdigest()


def try_vectors(path):
    """Prints how each case came out, and fails where one did otherwise than expected."""
    folder, trusts, wrong = path.parent, {None: None}, 0
    for case in json.loads(path.read_text()):
        if case["trust"] not in trusts:
            trusts[case["trust"]] = read_trust(folder / case["trust"])
        data = (folder / case["file"]).read_bytes()
        data += b" " * (case.get("padTo", 0) - len(data))
        authorities = [certificate(folder / name) for name in case.get("authorities", [])]
        verdict = verify(data, trusts[case["trust"]], case.get("digest"), authorities)
        found = {name: verdict[name] for name in ("state", "reason") if name in verdict}
        found["statements"] = [
            " ".join([one["name"], one["state"], *([one["reason"]] if "reason" in one else [])])
            for one in verdict["statements"]
        ]
        if found != case["expect"]:
            wrong += 1
            print(f"{case['name']}: {found} instead of {case['expect']}")
    print(f"{wrong} cases differ")
    return 3 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
