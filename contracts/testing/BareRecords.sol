// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";

/// @dev Least that a record can be: digest, and owner with time and kind, in two slots, and one event. For comparisons.
contract BareRecords is ERC2771Context {
    struct Bare {
        bytes32 digest;
        address owner;
        uint48 recordedAt;
        uint32 kind;
    }

    mapping(bytes32 id => Bare) private _records;

    event Registered(bytes32 indexed digest, address indexed owner, uint32 kind);

    error Known(bytes32 id);

    constructor(address forwarder) ERC2771Context(forwarder) {}

    function register(bytes32 digest, uint32 kind) external {
        _register(digest, kind);
    }

    function registerMany(bytes32[] calldata digests, uint32 kind) external {
        for (uint256 i; i < digests.length; ++i) {
            _register(digests[i], kind);
        }
    }

    function _register(bytes32 digest, uint32 kind) private {
        address owner = _msgSender();
        bytes32 id = keccak256(abi.encode(owner, digest));
        if (_records[id].digest != 0) revert Known(id);
        _records[id] = Bare(digest, owner, uint48(block.timestamp), kind);
        emit Registered(digest, owner, kind);
    }
}
