"""The form of a bundle: JSON that can be read in one way only, within bounds, with nothing unknown in it."""

import base64
import json
import re

MOST_BYTES, MOST_LEVELS, WHOLE = 16 * 1024 * 1024, 12, 2**53 - 1


class Fault(Exception):
    """Why a statement is not proven: one of the reasons of docs/proof-bundles.md."""

    def __init__(self, reason, detail=""):
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


def read_bundle(data: bytes) -> dict:
    if len(data) > MOST_BYTES:
        raise Fault("format.too-large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Fault("format.not-text") from None
    _check_depth(text)
    value = read_json(text)
    if not isinstance(value, dict) or value.get("format") != "brop-proof-bundle":
        raise Fault("format.unknown")
    if value.get("version") != 1 or isinstance(value["version"], bool):
        raise Fault("format.version")
    _bundle(value, "")
    return value


def _check_depth(text):
    # Strings are taken out first; what they hold opens nothing.
    depth = 0
    for character in re.sub(r'"(?:[^"\\]|\\.)*"?', "", text, flags=re.DOTALL):
        if character in "[{":
            depth += 1
            if depth > MOST_LEVELS:
                raise Fault("format.too-deep")
        elif character in "]}":
            depth -= 1


def read_json(text):
    """Parses JSON. Names that come twice, inexact numbers and half characters are refused: parsers disagree on them."""
    try:
        value = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Fault("format.not-json") from None
    json.loads(text, object_pairs_hook=_pairs, parse_int=_exact, parse_float=_exact)
    _check_strings(value)
    return value


def _refuse(constant):
    raise ValueError(constant)


def _pairs(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise Fault("format.ambiguous", "a name comes twice")
    return dict(pairs)


def _exact(literal):
    value = float(literal)
    digits = re.sub(r"[eE].*", "", literal).strip("-").replace(".", "").strip("0")
    inexact = re.fullmatch(r"-?\d+", literal) and abs(value) != float("inf") and int(value) != int(literal)
    if inexact or abs(value) == float("inf") or (value == 0 and digits):
        raise Fault("format.ambiguous", literal[:40])
    return value


def _check_strings(value):
    if isinstance(value, str):
        if any(0xD800 <= ord(character) < 0xE000 for character in value):
            raise Fault("format.ambiguous", "half a character")
    elif isinstance(value, list):
        for item in value:
            _check_strings(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            _check_strings(name)
            _check_strings(item)


def unbase64(text: str) -> bytes:
    return base64.b64decode(text)


# The checks below are made of smaller ones. Each takes a value and where it stands.


def _no(where):
    raise Fault("format.schema", where)


def _whole(most, least=0):
    def check(value, where):
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
            _no(where)
        if not least <= value <= most:
            _no(where)

    return check


def _text(pattern=None, most=None):
    def check(value, where):
        if not isinstance(value, str) or (most is not None and len(value) > most):
            _no(where)
        if pattern is not None and not re.fullmatch(pattern, value):
            _no(where)

    return check


def _hex(length):
    return _text("0x[0-9a-f]{%d}" % (2 * length))


def _base64(most):
    def check(value, where):
        _text(most=(most + 2) // 3 * 4)(value, where)
        try:
            if base64.b64encode(base64.b64decode(value, validate=True)).decode() != value:
                _no(where)
        except ValueError:
            _no(where)

    return check


def _only(expected):
    def check(value, where):
        if value != expected or isinstance(value, bool):
            _no(where)

    return check


def _list(check_item, most, least=0):
    def check(value, where):
        if not isinstance(value, list) or not least <= len(value) <= most:
            _no(where)
        for index, item in enumerate(value):
            check_item(item, f"{where}/{index}")

    return check


def _object(members, optional=()):
    def check(value, where):
        if not isinstance(value, dict):
            _no(where)
        for name in members:
            if name not in value and name not in optional:
                _no(f"{where}/{name}")
        for name, item in value.items():
            if name not in members:
                _no(f"{where}/{name}")
            members[name](item, f"{where}/{name}")

    return check


def _boolean(value, where):
    if not isinstance(value, bool):
        _no(where)


HASH, ADDRESS, BLOCK, NODES = _hex(32), _hex(20), _whole(2**48 - 1), _list(_base64(8 * 1024 * 1024), 65)
PLACE = _object({"block": BLOCK, "transaction": _whole(99_999), "log": _whole(999_999)})
IN_STATE = _object({"block": BLOCK})
RECORD = _object(
    {"digest": HASH, "algorithm": _whole(0xFFFF), "kind": _whole(0xFFFFFFFF)}
    | {"subject": HASH, "businessKey": HASH, "refersTo": HASH}
)
OWNED = {"at": PLACE, "owner": ADDRESS, "responsible": ADDRESS, "record": RECORD}
CLAIMS = {
    "record": OWNED,
    "batch-record": OWNED | {"index": _whole(2**20 - 1), "count": _whole(2**20), "branch": _list(HASH, 21, 21)},
    "event": {"at": PLACE, "address": ADDRESS, "topics": _list(HASH, 4), "data": _text("0x(?:[0-9a-f]{2})*", 131_074)},
    "block": {"block": BLOCK, "hash": HASH},
}


def _claim(value, where):
    kind = value.get("kind") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in CLAIMS:
        _no(where)
    _object({"kind": _only(kind)} | CLAIMS[kind])(value, where)


def _listed(value, where):
    (PLACE if isinstance(value, dict) and "log" in value else IN_STATE)(value, where)


def _stamps(value, where):
    if value != "claim":
        IN_STATE(value, where)


SLOT = _object({"slot": HASH, "nodes": NODES})
_bundle = _object(
    {
        "format": _only("brop-proof-bundle"),
        "version": _only(1),
        "label": _text(most=200),
        "network": _object({"chainId": _whole(WHOLE, 1), "genesis": HASH, "sealed": _boolean}),
        "asOf": BLOCK,
        "claim": _claim,
        "validators": _list(PLACE, 1024),
        "contracts": _list(_object({"name": _text("[A-Za-z0-9]{1,31}"), "address": ADDRESS, "listed": _listed}), 8),
        "blocks": _list(
            _object(
                {
                    "header": _base64(16 * 1024),
                    "receipts": _list(_object({"transaction": _whole(99_999), "nodes": NODES}), 64),
                    "accounts": _list(_object({"address": ADDRESS, "nodes": NODES, "slots": _list(SLOT, 32)}), 8),
                }
            ),
            1100,
            1,
        ),
        "status": IN_STATE,
        "certification": _object(
            {"block": BLOCK, "account": ADDRESS, "certifier": ADDRESS, "recognisedBy": ADDRESS}, ["recognisedBy"]
        ),
        "timestamps": _list(
            _object(
                {"stamps": _stamps, "token": _base64(64 * 1024), "certificates": _list(_base64(16 * 1024), 10)}
            ),
            16,
        ),
        "content": _base64(1024 * 1024),
    },
    ["label", "status", "certification", "timestamps", "content"],
)
