"""RLP, tries, headers and receipts, strict: whatever has another than its one form is refused."""

from keccak import keccak256

EMPTY_ROOT = keccak256(b"\x80")
QBFT_MIX_HASH = bytes.fromhex("63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365")
# Lengths of a header's 21 fields; None: a number; 0: any bytes.
HEADER = [32, 32, 20, 32, 32, 32, 256, None, None, None, None, None, 0, 32, 8, None, 32, None, None, 32, 32]
STATE_ROOT, RECEIPTS_ROOT, NUMBER, TIME, EXTRA, MIX_HASH = 3, 5, 8, 11, 12, 13


class Malformed(Exception):
    pass


def require(condition, message="malformed"):
    if not condition:
        raise Malformed(message)


def decode(data: bytes):
    require(len(data) <= 16 * 1024 * 1024)
    item, end = _item(data, 0, len(data), 0)
    require(end == len(data), "goes on behind its end")
    return item


def _item(data, at, limit, level):
    require(at < limit and level <= 16)
    first = data[at]
    if first < 0x80:
        return data[at : at + 1], at + 1
    base = 0xC0 if first >= 0xC0 else 0x80
    length, start = first - base, at + 1
    if length > 55:
        size = length - 55
        require(size <= 4 and start + size <= limit)
        length = int.from_bytes(data[start : start + size], "big")
        require(length > 55 and data[start] != 0)
        start += size
    end = start + length
    require(end <= limit, "ends too early")
    if base == 0x80:
        require(not (length == 1 and data[start] < 0x80))
        return data[start:end], end
    items = []
    while start < end:
        item, start = _item(data, start, end, level + 1)
        items.append(item)
    return items, end


def encode(item) -> bytes:
    if isinstance(item, bytes):
        return item if len(item) == 1 and item[0] < 0x80 else _head(0x80, len(item)) + item
    body = b"".join(map(encode, item))
    return _head(0xC0, len(body)) + body


def _head(base, length):
    if length < 56:
        return bytes([base + length])
    size = number_bytes(length)
    return bytes([base + 55 + len(size)]) + size


def number_bytes(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def number(item, most=2**53 - 1) -> int:
    require(isinstance(item, bytes) and len(item) <= 32 and item[:1] != b"\x00")
    value = int.from_bytes(item, "big")
    require(value <= most)
    return value


def _bytes(item, length=None):
    require(isinstance(item, bytes) and (length is None or len(item) == length))
    return item


def _list(item, length=None):
    require(isinstance(item, list) and (length is None or len(item) == length))
    return item


def _nibbles(key: bytes):
    return [nibble for byte in key for nibble in (byte >> 4, byte & 15)]


def _path(item):
    nibbles = _nibbles(_bytes(item))
    require(nibbles and nibbles[0] < 4)
    if nibbles[0] & 1:
        return nibbles[1:], nibbles[0] >= 2
    require(nibbles[1] == 0)
    return nibbles[2:], nibbles[0] >= 2


def trie_value(root: bytes, key: bytes, nodes: list):
    """The value of a key, or None where the nodes show that there is none. Each node has to be used."""
    require(len(nodes) <= 65)
    if root == EMPTY_ROOT:
        require(nodes in ([], [b"\x80"]))
        return None
    left, path = list(nodes), _nibbles(key)
    reference, is_first, value = root, True, None
    while reference != b"":
        if isinstance(reference, list):
            require(len(encode(reference)) < 32)
            node = reference
        else:
            require(len(reference) == 32 and left, "ends too early")
            data = left.pop(0)
            require(keccak256(data) == reference and (is_first or len(data) >= 32), "a forged node")
            node = decode(data)
        is_first = False
        require(isinstance(node, list) and len(node) in (2, 17))
        if len(node) == 17:
            _bytes(node[16])
            if not path:
                value = node[16] or None
                break
            reference, path = node[path[0]], path[1:]
            continue
        part, is_leaf = _path(node[0])
        if is_leaf:
            require(_bytes(node[1]) != b"")
            value = node[1] if part == path else None
            break
        require(part and node[1] != b"")
        if path[: len(part)] != part:
            break
        reference, path = node[1], path[len(part) :]
    require(not left, "nodes that lie on no way to the key")
    return value


def trie_root(entries: dict) -> bytes:
    """Root of a trie that has all of these entries and no others."""
    if not entries:
        return EMPTY_ROOT
    return keccak256(encode(_build([(_nibbles(key), value) for key, value in entries.items()])))


def _build(entries):
    if len(entries) == 1:
        return [_hex_prefix(entries[0][0], 2), entries[0][1]]
    shared = 0
    first = entries[0][0]
    while all(len(path) > shared and path[shared] == first[shared] for path, _ in entries):
        shared += 1
    if shared:
        child = _build([(path[shared:], value) for path, value in entries])
        return [_hex_prefix(first[:shared], 0), _reference(child)]
    branch = [b""] * 17
    for nibble in range(16):
        below = [(path[1:], value) for path, value in entries if path and path[0] == nibble]
        if below:
            branch[nibble] = _reference(_build(below))
    for path, value in entries:
        if not path:
            branch[16] = value
    return branch


def _reference(node):
    data = encode(node)
    return node if len(data) < 32 else keccak256(data)


def _hex_prefix(path, flag):
    nibbles = [flag + 1, *path] if len(path) % 2 else [flag, 0, *path]
    return bytes(16 * nibbles[at] + nibbles[at + 1] for at in range(0, len(nibbles), 2))


class Header:
    """A block header; sealed ones are read as QBFT's."""

    def __init__(self, data: bytes, is_sealed: bool):
        require(not is_sealed or len(data) <= 64 * 1024)
        fields = _list(decode(data), 21 if is_sealed else None)
        require(15 <= len(fields) <= 21)
        self.state_root, self.receipts_root = _bytes(fields[STATE_ROOT], 32), _bytes(fields[RECEIPTS_ROOT], 32)
        self.number, self.time = number(fields[NUMBER]), number(fields[TIME])
        if not is_sealed:
            self.hash = keccak256(data)
            return
        for field, length in zip(fields, HEADER):
            if length is None:
                number(field, 2**256)
            else:
                _bytes(field, length or None)
        require(fields[MIX_HASH] == QBFT_MIX_HASH)
        extra = _list(decode(fields[EXTRA]), 5)
        self.validators = [_bytes(one, 20) for one in _list(extra[1])]
        _bytes(extra[0], 32)
        self.round = number(extra[3])
        self.seals = [_bytes(seal, 65) for seal in _list(extra[4])]
        require(len(self.seals) <= 1024)
        without_seals = extra[:4] + [[]]
        self.sealed_digest = self._hash_with(fields, without_seals)
        self.hash = self._hash_with(fields, extra[:3] + [b"", []]) if self.number else keccak256(data)

    @staticmethod
    def _hash_with(fields, extra):
        return keccak256(encode(fields[:EXTRA] + [encode(extra)] + fields[EXTRA + 1 :]))


def receipt_logs(data: bytes) -> list:
    """Logs of a receipt: address, topics and data in hexadecimal."""
    require(len(data) > 0 and data[0] != 0)
    status, gas, bloom, logs = _list(decode(data[1:] if data[0] <= 0x7F else data), 4)
    number(status, 1)
    number(gas, 2**256)
    _bytes(bloom, 256)
    result = []
    for log in _list(logs):
        address, topics, content = _list(log, 3)
        names = ["0x" + _bytes(topic, 32).hex() for topic in _list(topics)]
        result.append(("0x" + _bytes(address, 20).hex(), names, "0x" + _bytes(content).hex()))
    return result
