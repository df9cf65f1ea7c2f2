"""What a bundle shows of blocks, and who sealed them."""

from ethereum import Header, Malformed, decode, encode, number, number_bytes, receipt_logs, trie_value
from form import Fault, unbase64
from keccak import keccak256
from secp256k1 import recover_address
from trust import REGISTRY, check_set, set_hash, word

VALIDATORS_CHANGED = "0x100e389d5af325b1d447fd3aef3e4deab39266e724267e4ab6d77f0f9796385a"
SET_HASH_SLOT = "0x" + word(1).hex()


def under(reason, work, *arguments):
    try:
        return work(*arguments)
    except (Malformed, ValueError) as error:
        raise Fault(reason, str(error)) from None


def _nodes(nodes):
    return [unbase64(node) for node in nodes]


class Block:
    def __init__(self, part, is_sealed):
        self.header = under("header.malformed", Header, unbase64(part["header"]), is_sealed)
        self.number, self.time, self.hash = self.header.number, self.header.time, "0x" + self.header.hash.hex()
        self.logs, self.storage, last = {}, {}, -1
        for receipt in part["receipts"]:
            at = receipt["transaction"]
            if at <= last:
                raise Fault("receipt.order")
            last, key = at, encode(number_bytes(at))
            value = under("receipt.proof", trie_value, self.header.receipts_root, key, _nodes(receipt["nodes"]))
            if value is None:
                raise Fault("receipt.absent")
            self.logs[at] = under("receipt.malformed", receipt_logs, value)
        for account in part["accounts"]:
            address = account["address"]
            if address in self.storage:
                raise Fault("state.order")
            key = keccak256(bytes.fromhex(address[2:]))
            value = under("state.proof", trie_value, self.header.state_root, key, _nodes(account["nodes"]))
            if value is None:
                raise Fault("state.absent")
            root, slots = under("state.proof", _storage_root, value), {}
            for slot in account["slots"]:
                if slot["slot"] in slots:
                    raise Fault("state.order")
                slots[slot["slot"]] = under("state.proof", _slot_value, root, slot)
            self.storage[address] = slots


def _storage_root(value):
    fields = decode(value)
    if not isinstance(fields, list) or len(fields) != 4 or len(fields[2]) != 32 or len(fields[3]) != 32:
        raise Malformed("an account")
    for field in fields[:2]:
        number(field, 2**256)
    return fields[2]


def _slot_value(root, slot):
    value = trie_value(root, keccak256(bytes.fromhex(slot["slot"][2:])), _nodes(slot["nodes"]))
    if value is None:
        return 0
    found = number(decode(value), 2**256)
    if found == 0:
        raise Malformed("storage holds no 0")
    return found


def read_blocks(bundle):
    blocks, last = {}, -1
    for part in bundle["blocks"]:
        block = Block(part, bundle["network"]["sealed"])
        if block.number <= last:
            raise Fault("blocks.order")
        last = block.number
        blocks[last] = block
    if last != bundle["asOf"]:
        raise Fault("blocks.as-of")
    return blocks


def block_at(blocks, at):
    if at not in blocks:
        raise Fault("block.absent", f"block {at}")
    return blocks[at]


def log_at(blocks, place):
    logs = block_at(blocks, place["block"]).logs.get(place["transaction"], [])
    if place["log"] >= len(logs):
        raise Fault("event.absent")
    return logs[place["log"]]


def storage_at(blocks, at, address):
    slots = block_at(blocks, at).storage.get(address)
    if slots is None:
        raise Fault("state.missing", address)
    return slots


def shown(slots, slot):
    if slot not in slots:
        raise Fault("state.missing", slot)
    return slots[slot]


def claim_block(claim):
    return claim["block"] if claim["kind"] == "block" else claim["at"]["block"]


def _needed(bundle):
    needed = {claim_block(bundle["claim"]), bundle["asOf"]}
    needed |= {contract["listed"]["block"] for contract in bundle["contracts"]}
    needed |= {one["stamps"]["block"] for one in bundle.get("timestamps", []) if one["stamps"] != "claim"}
    return needed | {bundle[name]["block"] for name in ("status", "certification") if name in bundle}


def check_use(bundle, blocks):
    used = _needed(bundle) | {place["block"] for place in bundle["validators"]}
    for at in blocks:
        if at not in used:
            raise Fault("blocks.unused", f"block {at}")


def judge_blocks(bundle, blocks, trust):
    """Follows the validators from the trusted start on: each block has to be sealed by a quorum of those of its height."""
    last = 0
    for place in bundle["validators"]:
        if place["block"] <= last:
            raise Fault("validators.order")
        last = place["block"]
        block_at(blocks, last)
    changes, needed = {place["block"]: place for place in bundle["validators"]}, _needed(bundle)
    epoch, validators, judged = trust.epoch, trust.validators, []
    for block in blocks.values():
        if block.number == trust.number and block.hash != trust.hash:
            raise Fault("header.anchor")
        if block.number <= trust.number:
            if block.number < trust.number and block.number in needed:
                raise Fault("trust.later")
            continue
        sealers = _judge_seals(block.header, validators)
        judged.append(
            f"block {block.number}, {block.hash}: sealed by {len(sealers)} of {len(validators)} validators of epoch {epoch}"
        )
        if block.number in changes:
            epoch, validators = _next_set(log_at(blocks, changes[block.number]), epoch)
        summary = block.storage.get(REGISTRY, {}).get(SET_HASH_SLOT)
        if summary is not None and word(summary) != set_hash(epoch, validators):
            raise Fault("validators.hidden")
    return judged


def _judge_seals(header, validators):
    if header.validators:
        raise Fault("header.validators")
    if len(header.seals) < -(-2 * len(validators) // 3):
        raise Fault("seals.too-few")
    if len(header.seals) > len(validators):
        raise Fault("seals.too-many")
    sealers = set()
    for seal in header.seals:
        sealer = recover_address(header.sealed_digest, seal)
        if sealer is None:
            raise Fault("seals.malformed")
        if sealer not in validators:
            raise Fault("seals.stranger", sealer)
        if sealer in sealers:
            raise Fault("seals.duplicate", sealer)
        sealers.add(sealer)
    return sealers


def _next_set(log, epoch):
    address, topics, data = log
    if address != REGISTRY or topics[:1] != [VALIDATORS_CHANGED]:
        raise Fault("validators.event")
    following, validators = under("validators.event", _read_change, topics, data)
    if following != epoch + 1:
        raise Fault("validators.epoch", f"change {following} after {epoch}")
    return following, validators


def _read_change(topics, data):
    words = [data[2 + at : 66 + at] for at in range(0, len(data) - 2, 64)]
    if len(topics) < 2 or len(words) < 4 or len(words[-1]) != 64 or int(words[2], 16) != 96:
        raise ValueError("another form")
    epoch, listed = int(topics[1], 16), words[4:]
    if epoch >= 2**53 or int(words[3], 16) != len(listed) or any(one[:24] != "0" * 24 for one in listed):
        raise ValueError("another form")
    validators = check_set(["0x" + one[24:] for one in listed])
    if bytes.fromhex(words[1]) != set_hash(epoch, validators):
        raise ValueError("another hash")
    return epoch, validators
