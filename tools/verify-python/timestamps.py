"""Tokens of RFC 3161 authorities. What a token says is read here; signature and certificates are judged by openssl."""

import datetime
import hashlib
import pathlib
import shutil
import subprocess
import tempfile

from form import Fault

DIGESTS = {"608648016503040201": "sha256", "608648016503040202": "sha384", "608648016503040203": "sha512"}
SIGNED_DATA, TOKEN_INFO = "2a864886f70d010702", "2a864886f70d0109100104"


def judge_token(token, stamped, earliest, certificates, authorities):
    try:
        algorithm, digest, time, accuracy, own = _read(token)
    except (ValueError, IndexError, KeyError):
        raise Fault("timestamp.token", "not in its form") from None
    if digest != stamped and digest != hashlib.new(algorithm, stamped).digest():
        raise Fault("timestamp.other")
    if earliest is not None and time.timestamp() + accuracy < earliest:
        raise Fault("timestamp.early", time.isoformat())
    if shutil.which("openssl") is None:
        raise Fault("timestamp.authority", "openssl is not there to judge the token")
    if authorities and _openssl(token, digest, time, authorities, own + certificates):
        return {"time": time.isoformat()}
    # A sound token of somebody who is not trusted is no forgery.
    alone = own + certificates
    if not alone or not _openssl(token, digest, time, alone, alone):
        raise Fault("timestamp.token")
    raise Fault("timestamp.authority")


def _openssl(token, digest, time, trusted, others):
    """Whether openssl verifies a token. Certificates count as of the time that it states: they end, and tokens do not."""
    with tempfile.TemporaryDirectory() as folder:
        files = {name: pathlib.Path(folder, name) for name in ("token", "trusted", "others")}
        files["token"].write_bytes(token)
        files["trusted"].write_text("".join(map(_pem, trusted)))
        files["others"].write_text("".join(map(_pem, others)))
        command = ["openssl", "ts", "-verify", "-token_in", "-in", files["token"], "-digest", digest.hex()]
        command += ["-CAfile", files["trusted"], "-partial_chain", "-attime", str(int(time.timestamp()))]
        if others:
            command += ["-untrusted", files["others"]]
        return subprocess.run(command, capture_output=True, timeout=30).returncode == 0


def _pem(certificate):
    import base64

    lines = base64.encodebytes(certificate).decode().replace("\n", "")
    body = "\n".join(lines[at : at + 64] for at in range(0, len(lines), 64))
    return f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"


def _elements(data):
    """Elements of DER one after another: tag, content, the whole."""
    at, found = 0, []
    while at < len(data):
        tag, length, start = data[at], data[at + 1], at + 2
        if length > 0x80:
            size = length - 0x80
            length, start = int.from_bytes(data[start : start + size], "big"), start + size
        elif length == 0x80:
            raise ValueError("no definite length")
        end = start + length
        if end > len(data):
            raise ValueError("cut off")
        found.append((tag, data[start:end], data[at:end]))
        at = end
    return found


def _read(token):
    [(_, outer, _)] = _elements(token)
    (_, kind, _), (_, wrapped, _) = _elements(outer)
    if kind.hex() != SIGNED_DATA:
        raise ValueError("no signed data")
    [(_, signed, _)] = _elements(wrapped)
    parts = _elements(signed)
    (_, kind, _), (_, content, _) = _elements(parts[2][1])
    if kind.hex() != TOKEN_INFO:
        raise ValueError("no token")
    own = [whole for tag, data, _ in parts if tag == 0xA0 for _, _, whole in _elements(data)]
    [(_, info, _)] = _elements(_elements(content)[0][1])
    fields = _elements(info)
    imprint = _elements(fields[2][1])
    algorithm = DIGESTS[_elements(imprint[0][1])[0][1].hex()]
    text = fields[4][1].decode("ascii").removesuffix("Z")
    form = "%Y%m%d%H%M%S.%f" if "." in text else "%Y%m%d%H%M%S"
    time = datetime.datetime.strptime(text, form).replace(tzinfo=datetime.timezone.utc)
    accuracy = 0.0
    if len(fields) > 5 and fields[5][0] == 0x30:
        scales = {0x02: 1, 0x80: 1e-3, 0x81: 1e-6}
        accuracy = sum(int.from_bytes(value, "big") * scales[tag] for tag, value, _ in _elements(fields[5][1]))
    return algorithm, imprint[1][1], time, accuracy, own
