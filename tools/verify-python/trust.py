"""The trusted start: the network's genesis file, or a checkpoint. Everything later follows from it by proofs."""

from ethereum import EMPTY_ROOT, QBFT_MIX_HASH, encode, number_bytes, trie_root
from keccak import keccak256

REGISTRY = "0x000000000000000000000000000000000000b006"
NO_UNCLES = keccak256(encode([]))
NO_REQUESTS = bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")


class Trust:
    def __init__(self, description: dict):
        self.sealed = True
        if "checkpoint" in description:
            start = description["checkpoint"]
            self.chain_id, self.number, self.hash = start["chainId"], start["number"], start["hash"].lower()
            self.epoch, self.validators = start["epoch"], check_set([one.lower() for one in start["validators"]])
            return
        config = description["config"]
        self.chain_id = config["chainId"]
        if "qbft" not in config:
            if description.get("mixHash") == "0x" + QBFT_MIX_HASH.hex():
                raise ValueError("the genesis file has QBFT's mixHash and no config.qbft")
            self.sealed = False
            return
        if config["qbft"]["validatorcontractaddress"].lower() != REGISTRY:
            raise ValueError("the validators come from elsewhere than ValidatorSet")
        for fork in ("londonBlock", "shanghaiTime", "cancunTime", "pragueTime", "osakaTime"):
            if config.get(fork) != 0:
                raise ValueError(f"the genesis file must have {fork} 0")
        self.number, self.epoch = 0, 0
        self.hash, self.validators = genesis_hash(description), genesis_validators(description)


def word(value: int) -> bytes:
    return value.to_bytes(32, "big")


def set_hash(epoch: int, validators: list) -> bytes:
    words = [epoch, 64, len(validators)] + [int(one, 16) for one in validators]
    return keccak256(b"".join(map(word, words)))


def check_set(validators: list) -> list:
    if not 1 <= len(validators) <= 64 or len(set(validators)) != len(validators):
        raise ValueError("no network has these validators")
    return validators


def _quantity(text) -> int:
    return int(text, 16) if isinstance(text, str) else text


def _storage(account: dict) -> dict:
    slots = {word(_quantity(slot)): _quantity(value) for slot, value in account.get("storage", {}).items()}
    return {slot: value for slot, value in slots.items() if value}


def _accounts(genesis: dict) -> dict:
    return {bytes.fromhex(address.lower().removeprefix("0x")): account for address, account in genesis["alloc"].items()}


def genesis_validators(genesis: dict) -> list:
    slots = _storage(_accounts(genesis)[bytes.fromhex(REGISTRY[2:])])
    start = int.from_bytes(keccak256(word(0)), "big")
    length = slots.get(word(0), 0)
    if not 1 <= length <= 64:
        raise ValueError("the genesis file has no validators")
    validators = check_set(["0x%040x" % slots.get(word(start + index), 0) for index in range(length)])
    if slots.get(word(1)) != int.from_bytes(set_hash(0, validators), "big"):
        raise ValueError("the genesis file has another hash of the validators than theirs")
    return validators


def genesis_hash(genesis: dict) -> str:
    state = {}
    for address, account in _accounts(genesis).items():
        storage = {keccak256(slot): encode(number_bytes(value)) for slot, value in _storage(account).items()}
        code = bytes.fromhex(account.get("code", "0x").removeprefix("0x"))
        members = [_quantity(account.get("nonce", "0x0")), _quantity(account.get("balance", "0x0"))]
        fields = [*map(number_bytes, members), trie_root(storage), keccak256(code)]
        state[keccak256(address)] = encode(fields)

    def data(name, default=None):
        return bytes.fromhex(genesis.get(name, default).removeprefix("0x"))

    def quantity(name, default=None):
        return number_bytes(_quantity(genesis.get(name, default)))

    zero = "0x" + "00" * 32
    header = [data("parentHash", zero), NO_UNCLES, data("coinbase", "0x" + "00" * 20), trie_root(state), EMPTY_ROOT]
    header += [EMPTY_ROOT, bytes(256), quantity("difficulty"), b"", quantity("gasLimit"), b""]
    header += [quantity("timestamp", "0x0"), data("extraData"), data("mixHash")]
    header += [_quantity(genesis.get("nonce", "0x0")).to_bytes(8, "big"), quantity("baseFeePerGas", "0x3b9aca00")]
    header += [EMPTY_ROOT, b"", b"", bytes(32), NO_REQUESTS]
    return "0x" + keccak256(encode(header)).hex()
