"""Recovery of the address that made an ECDSA signature on secp256k1 (SEC 1, section 4.1.6). Nothing here is secret."""

from functools import lru_cache

from keccak import keccak256

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)


def _double(point):
    x, y, z = point
    if y == 0 or z == 0:
        return (0, 1, 0)
    square = y * y % P
    s = 4 * x * square % P
    m = 3 * x * x % P
    new_x = (m * m - 2 * s) % P
    return (new_x, (m * (s - new_x) - 8 * square * square) % P, 2 * y * z % P)


def _add(one, other):
    if one[2] == 0:
        return other
    if other[2] == 0:
        return one
    x1, y1, z1 = one
    x2, y2, z2 = other
    z1z1, z2z2 = z1 * z1 % P, z2 * z2 % P
    u1, u2 = x1 * z2z2 % P, x2 * z1z1 % P
    s1, s2 = y1 * z2 * z2z2 % P, y2 * z1 * z1z1 % P
    if u1 == u2:
        return _double(one) if s1 == s2 else (0, 1, 0)
    h, r = (u2 - u1) % P, (s2 - s1) % P
    hh = h * h % P
    hhh, v = h * hh % P, u1 * hh % P
    x3 = (r * r - hhh - 2 * v) % P
    return (x3, (r * (v - x3) - s1 * hhh) % P, h * z1 * z2 % P)


@lru_cache(maxsize=4096)
def recover_address(digest: bytes, seal: bytes):
    """The address whose key made a seal (r, s and v of 0 or 1), or None where it is no signature in its one form."""
    r, s, v = int.from_bytes(seal[:32], "big"), int.from_bytes(seal[32:64], "big"), seal[64]
    if v > 1 or not 0 < r < N or not 0 < s <= N // 2:
        return None
    square = (pow(r, 3, P) + 7) % P
    y = pow(square, (P + 1) // 4, P)
    if y * y % P != square:
        return None
    if y & 1 != v:
        y = P - y
    inverse = pow(r, -1, N)
    u1, u2 = -int.from_bytes(digest, "big") * inverse % N, s * inverse % N
    generator, point = (*G, 1), (r, y, 1)
    both = _add(generator, point)
    total = (0, 1, 0)
    for bit in range(max(u1.bit_length(), u2.bit_length()) - 1, -1, -1):
        total = _double(total)
        one, two = u1 >> bit & 1, u2 >> bit & 1
        if one or two:
            total = _add(total, both if one and two else generator if one else point)
    if total[2] == 0:
        return None
    inverse = pow(total[2], -1, P)
    x, y = total[0] * inverse**2 % P, total[1] * inverse**3 % P
    return "0x" + keccak256(x.to_bytes(32, "big") + y.to_bytes(32, "big"))[12:].hex()
