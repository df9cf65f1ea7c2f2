"""Keccak-256 as Ethereum uses it (the padding of before SHA-3 became a standard)."""

from functools import lru_cache

MASK = (1 << 64) - 1
RATE = 136
ROTATIONS = [[0, 36, 3, 41, 18], [1, 44, 10, 45, 2], [62, 6, 43, 15, 61], [28, 55, 25, 21, 56], [27, 20, 39, 8, 14]]


def _round_constants():
    constants, register = [], 1
    for _ in range(24):
        constant = 0
        for power in range(7):
            if register & 1:
                constant |= 1 << ((1 << power) - 1)
            register <<= 1
            if register & 0x100:
                register ^= 0x171
        constants.append(constant)
    return constants


CONSTANTS = _round_constants()


def _permute(lanes):
    for constant in CONSTANTS:
        columns = [lanes[x][0] ^ lanes[x][1] ^ lanes[x][2] ^ lanes[x][3] ^ lanes[x][4] for x in range(5)]
        for x in range(5):
            right = columns[(x + 1) % 5]
            change = columns[x - 1] ^ (((right << 1) | (right >> 63)) & MASK)
            column = lanes[x]
            for y in range(5):
                column[y] ^= change
        moved = [[0] * 5 for _ in range(5)]
        for x in range(5):
            for y in range(5):
                lane, by = lanes[x][y], ROTATIONS[x][y]
                moved[y][(2 * x + 3 * y) % 5] = ((lane << by) | (lane >> (64 - by))) & MASK
        for x in range(5):
            first, second, third = moved[x], moved[(x + 1) % 5], moved[(x + 2) % 5]
            lanes[x] = [first[y] ^ (~second[y] & MASK & third[y]) for y in range(5)]
        lanes[0][0] ^= constant
    return lanes


@lru_cache(maxsize=65536)
def keccak256(data: bytes) -> bytes:
    padding = RATE - len(data) % RATE
    padded = data + (b"\x81" if padding == 1 else b"\x01" + b"\x00" * (padding - 2) + b"\x80")
    lanes = [[0] * 5 for _ in range(5)]
    for start in range(0, len(padded), RATE):
        for index in range(RATE // 8):
            at = start + 8 * index
            lanes[index % 5][index // 5] ^= int.from_bytes(padded[at : at + 8], "little")
        lanes = _permute(lanes)
    return b"".join(lanes[x][0].to_bytes(8, "little") for x in range(4))
