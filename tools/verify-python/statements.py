"""The statements of a bundle, in their order, each with its state and the reason where it is not proven."""

import hashlib

from blocks import block_at, check_use, claim_block, judge_blocks, log_at, read_blocks, shown, storage_at
from form import Fault, read_bundle, unbase64
from keccak import keccak256
from timestamps import judge_token
from trust import word

DIRECTORY = "0x000000000000000000000000000000000000b001"
CONTRACT_REGISTERED = "0x9e0e6fc12c1dc3a615bfcff842326f777eb123d484b27adff1092f4cb6869db3"
RECORDED = "0x486c7593abdbd8d79c6908dabf5e1f05bc88b48185b66f1932b6d6ac5f74536a"
ANCHORED = "0xd69bf0a00b41f789dde488228658f5075ed44e6b484d247e68634007d740766d"
ALGORITHMS = {0x12: "sha256", 0x16: "sha3_256", 0x534D: "sm3", 0x1015: "sha512_256"}
MISSING = ("trust.missing", "trust.later", "timestamp.authority", "absent")
OPTIONAL = ("content", "status", "certification", "timestamp")
CONTRACT_OF = {"record": "Records", "batch-record": "BatchAnchors"}


def verify(data, trust=None, digest=None, authorities=()):
    """The verdict on a bundle's bytes: {state, reason?, statements: [{name, state, reason?, ...}]}."""
    found = Statements()
    bundle = found.add("format", read_bundle, data)
    if bundle is not None:
        Verifier(bundle, trust, found).run(digest, authorities)
    return found.verdict()


class Statements:
    def __init__(self):
        self.all = []

    def add(self, name, work, *arguments):
        """Runs the check of a statement. Gives what it shows; None where it failed or something is missing."""
        statement = {"name": name, "state": "proven"}
        self.all.append(statement)
        try:
            result = work(*arguments)
        except Fault as fault:
            statement["state"] = "missing" if fault.reason in MISSING else "failed"
            statement["reason"] = fault.reason
            if fault.detail:
                statement["detail"] = fault.detail
            return None
        if name != "format":
            statement["facts"] = result
        return result

    def failed(self):
        return self.all[-1]["state"] == "failed"

    def verdict(self):
        counted = [one for one in self.all if one["state"] != "missing" or one["name"] not in OPTIONAL]
        for state in ("failed", "missing", "unsealed"):
            for one in counted:
                if one["state"] == state:
                    reason = {"reason": one["reason"]} if "reason" in one else {}
                    return {"state": state, **reason, "statements": self.all}
        return {"state": "proven", "statements": self.all}


class Verifier:
    def __init__(self, bundle, trust, found):
        self.bundle, self.trust, self.found, self.claim = bundle, trust, found, bundle["claim"]
        self.blocks, self.contracts = None, {}

    def run(self, digest, authorities):
        found, claim, kind = self.found, self.claim, self.claim["kind"]
        found.add("network", self.network)
        if found.failed():
            return
        found.add("blocks", self.judge)
        if found.failed():
            return
        if not self.bundle["network"]["sealed"]:
            found.all[-1]["state"] = "unsealed"
        if kind in CONTRACT_OF or self.bundle["contracts"]:
            found.add("contract", self.list_contracts)
            if found.failed():
                return
        found.add("event", self.event)
        if found.failed():
            return
        if kind == "batch-record":
            found.add("batch", self.batch)
            if found.failed():
                return
        is_record = kind in CONTRACT_OF
        if is_record or "content" in self.bundle or digest is not None:
            found.add("content", self.content, digest)
        if is_record or "status" in self.bundle:
            found.add("status", self.status)
        if is_record or "certification" in self.bundle:
            found.add("certification", self.certification)
        for part in self.bundle.get("timestamps", []):
            found.add("timestamp", self.timestamp, part, authorities)
        if is_record and not self.bundle.get("timestamps"):
            found.add("timestamp", self.absent)

    def absent(self):
        raise Fault("absent")

    def network(self):
        network, trust = self.bundle["network"], self.trust
        if trust is None:
            if network["sealed"]:
                raise Fault("trust.missing")
            return network
        if network["chainId"] != trust.chain_id:
            raise Fault("network.chain")
        if not trust.sealed:
            if network["sealed"]:
                raise Fault("network.development")
            return network
        if not network["sealed"]:
            raise Fault("network.unsealed")
        if trust.number == 0 and trust.hash != network["genesis"]:
            raise Fault("network.genesis")
        return network

    def judge(self):
        self.blocks = read_blocks(self.bundle)
        check_use(self.bundle, self.blocks)
        if not self.bundle["network"]["sealed"]:
            return [f"block {one.number}, {one.hash}: sealed by nobody" for one in self.blocks.values()]
        if self.trust is None or not self.trust.sealed:
            raise Fault("trust.missing")
        return judge_blocks(self.bundle, self.blocks, self.trust)

    def list_contracts(self):
        for part in self.bundle["contracts"]:
            name, address, listed = part["name"], part["address"], part["listed"]
            if name in self.contracts:
                raise Fault("contract.twice")
            topic = name.encode().ljust(32, b"\x00")
            if "log" in listed:
                source, topics, _ = log_at(self.blocks, listed)
                expected = [CONTRACT_REGISTERED, "0x" + topic.hex(), _padded(address)]
                if source != DIRECTORY or topics[:3] != expected:
                    raise Fault("contract.listing", name)
                since = listed["block"]
            else:
                slots = storage_at(self.blocks, listed["block"], DIRECTORY)
                entry = shown(slots, _mapping(topic, word(0)))
                if "0x%040x" % (entry % 2**160) != address:
                    raise Fault("contract.listing", name)
                since = (entry >> 192) % 2**48
            self.contracts[name] = (address, since)
        name = CONTRACT_OF.get(self.claim["kind"])
        return {} if name is None else {"name": name, "address": self.contract(name, claim_block(self.claim))}

    def contract(self, name, block):
        if name not in self.contracts:
            raise Fault("contract.missing", name)
        address, since = self.contracts[name]
        if since > block:
            raise Fault("contract.later", name)
        return address

    def event(self):
        claim, kind = self.claim, self.claim["kind"]
        block = block_at(self.blocks, claim_block(claim))
        facts = {"block": block.number, "hash": block.hash, "timestamp": block.time}
        if kind == "block":
            if block.hash != claim["hash"]:
                raise Fault("block.differs")
            return facts
        log = log_at(self.blocks, claim["at"])
        if kind == "event":
            _check_log(log, claim["address"], claim["topics"], claim["data"])
            return facts | {"address": claim["address"]}
        address = self.contract(CONTRACT_OF[kind], block.number)
        owner, responsible, record = _padded(claim["owner"]), _padded(claim["responsible"])[2:], claim["record"]
        if kind == "record":
            topics = [RECORDED, record["digest"], owner, record["subject"]]
            numbers = word(record["algorithm"]).hex() + word(record["kind"]).hex()
            data = "0x" + numbers + responsible + record["businessKey"][2:] + record["refersTo"][2:]
        else:
            root = log[1][3] if len(log[1]) > 3 else "0x"
            anchor = "0x" + keccak256(bytes.fromhex(owner[2:] + root[2:])).hex()
            topics, data = [ANCHORED, anchor, owner, root], "0x" + word(claim["count"]).hex() + responsible
        _check_log(log, address, topics, data)
        return facts | {"owner": claim["owner"], "digest": record["digest"]}

    def batch(self):
        claim, root = self.claim, log_at(self.blocks, self.claim["at"])[1][3]
        record, index, count, branch = claim["record"], claim["index"], claim["count"], claim["branch"]
        if int(record["digest"], 16) == 0 or record["algorithm"] not in ALGORITHMS:
            raise Fault("batch.record")
        if not 1 <= count <= 2**20:
            raise Fault("batch.length")
        if index >= count:
            raise Fault("batch.index")
        if branch[20] != "0x" + count.to_bytes(32, "little").hex():
            raise Fault("batch.length")
        names = ("digest", "algorithm", "kind", "subject", "businessKey", "refersTo")
        level = [_chunk(record[name]) for name in names] + [bytes(32)] * 2
        while len(level) > 1:
            level = [_pair(level[at], level[at + 1]) for at in range(0, len(level), 2)]
        node = level[0]
        for height, sibling in enumerate(branch):
            other = bytes.fromhex(sibling[2:])
            node = _pair(other, node) if index >> height & 1 else _pair(node, other)
        if "0x" + node.hex() != root:
            raise Fault("batch.root")
        return {"root": root, "index": index, "count": count}

    def content(self, digest):
        content = self.bundle.get("content")
        if content is None and digest is None:
            raise Fault("absent")
        if "record" not in self.claim:
            raise Fault("content.claim")
        name = ALGORITHMS.get(self.claim["record"]["algorithm"])
        if name is None:
            raise Fault("content.algorithm")
        held = [] if content is None else ["0x" + hashlib.new(name, unbase64(content)).hexdigest()]
        for one in held + ([] if digest is None else [digest.lower()]):
            if one != self.claim["record"]["digest"]:
                raise Fault("content.differs")
        return {"digest": self.claim["record"]["digest"]}

    def status(self):
        if "status" not in self.bundle:
            raise Fault("absent")
        claim, block = self.claim, self.bundle["status"]["block"]
        if "record" not in claim:
            raise Fault("status.claim")
        at = claim["at"]["block"]
        if block < at:
            raise Fault("status.earlier")
        slots = storage_at(self.blocks, block, self.contract(CONTRACT_OF[claim["kind"]], at))
        owner, record, time = _address(claim["owner"]), claim["record"], block_at(self.blocks, at).time
        responsible = int(claim["responsible"], 16)
        if claim["kind"] == "record":
            identifier = keccak256(owner + _chunk(record["digest"]) + _chunk(record["subject"]))
            value = shown(slots, _mapping(identifier, word(0)))
            if value == 0:
                raise Fault("status.unknown")
            expected = time | record["kind"] << 40 | record["algorithm"] << 72 | responsible << 96
            if value & ~(0xFF << 88) != expected:
                raise Fault("status.differs")
            names = {1: "valid", 2: "revoked", 3: "superseded"}
            return {"status": names.get(value >> 88 & 0xFF, "unknown"), "block": block}
        root = log_at(self.blocks, claim["at"])[1][3]
        anchor = keccak256(owner + _chunk(root))
        first = int(_mapping(anchor, word(0)), 16)
        stored, rest = shown(slots, "0x%064x" % first), shown(slots, "0x%064x" % (first + 1))
        if stored == 0:
            raise Fault("status.unknown")
        if stored != int(root, 16) or rest % 2**232 != time | claim["count"] << 40 | responsible << 72:
            raise Fault("status.differs")
        revocations = bytes.fromhex(_mapping(anchor, word(1))[2:])
        reason = shown(slots, _mapping(word(claim["index"]), revocations))
        return {"status": "revoked" if reason else "valid", "block": block}

    def certification(self):
        if "certification" not in self.bundle:
            raise Fault("absent")
        part, then = self.bundle["certification"], claim_block(self.claim)
        block, account, certifier = part["block"], _address(part["account"]), _address(part["certifier"])
        if block < then:
            raise Fault("status.earlier")
        pages = storage_at(self.blocks, block, self.contract("Certifications", block))
        partners = storage_at(self.blocks, block, self.contract("Partners", block))
        of_account = bytes.fromhex(_mapping(account, word(3))[2:])
        said = _value_at(pages, _mapping(certifier, of_account), then)
        standing = _value_at(partners, _mapping(certifier, word(2)), then) % 256
        live = said >> 8 & 0xFF == 1 and (said >> 64) % 2**40 > block_at(self.blocks, then).time and standing != 3
        facts = {"level": said & 0xFF, "live": live, "asOf": then}
        if "recognisedBy" in part:
            of_partner = bytes.fromhex(_mapping(_address(part["recognisedBy"]), word(4))[2:])
            facts["recognisedFromLevel"] = _value_at(partners, _mapping(certifier, of_partner), then)
        return facts

    def timestamp(self, part, authorities):
        earliest = None
        if part["stamps"] != "claim":
            block = block_at(self.blocks, part["stamps"]["block"])
            stamped, earliest = block.hash, block.time
        elif self.claim["kind"] == "record":
            stamped = self.claim["record"]["digest"]
        elif self.claim["kind"] == "batch-record":
            stamped = log_at(self.blocks, self.claim["at"])[1][3]
        else:
            raise Fault("timestamp.claim")
        certificates = [unbase64(one) for one in part["certificates"]]
        return judge_token(unbase64(part["token"]), bytes.fromhex(stamped[2:]), earliest, certificates, authorities)


def _check_log(log, address, topics, data):
    if log[0] != address:
        raise Fault("event.address", log[0])
    if log[1][:1] != topics[:1]:
        raise Fault("event.kind")
    if log[1] != topics or log[2] != data:
        raise Fault("event.differs")


def _value_at(slots, trace, block):
    """What a history of checkpoints (block in the lowest 48 bits, value above) said as of the end of a block."""
    length, start = shown(slots, trace), int.from_bytes(keccak256(bytes.fromhex(trace[2:])), "big")
    indexes = {int(slot, 16) - start: value for slot, value in slots.items()}
    past = [index for index, value in indexes.items() if 0 <= index < length and value % 2**48 <= block]
    last = max(past, default=-1)
    if last + 1 < length and indexes.get(last + 1, 0) % 2**48 <= block:
        raise Fault("certification.history")
    return 0 if last < 0 else indexes[last] >> 48


def _address(address):
    return bytes(12) + bytes.fromhex(address[2:])


def _padded(address):
    return "0x" + _address(address).hex()


def _mapping(key, slot):
    return "0x" + keccak256(key + slot).hex()


def _chunk(value):
    return value.to_bytes(32, "little") if isinstance(value, int) else bytes.fromhex(value[2:])


def _pair(left, right):
    return hashlib.sha256(left + right).digest()
