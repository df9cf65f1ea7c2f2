// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Account} from "../../../contracts/account/Account.sol";
import {SystemAddresses} from "../../../contracts/types/SystemAddresses.sol";
import {vm} from "../support/Vm.sol";

/// @dev Knows one name, and lists every verifier: the test stands for KeyResets.
contract OpenDirectory {
    address private immutable ANSWER = msg.sender;

    function addressOf(bytes32) external view returns (address) {
        return ANSWER;
    }

    function groupOf(address target) external pure returns (address) {
        return target;
    }
}

/// @title An account's history tells what a list of every block's signer would tell
/// @dev Blocks are kept in variables: the optimiser reads `block.number` once, wherever it stands.
contract AccountSignerTest {
    uint256 private constant STEPS = 24;
    uint256 private constant FIRST = 50;

    Account private _account;
    /// @dev The naive history: the signer at the end of each block.
    bytes[] private _expected;
    mapping(bytes32 => bool) private _lost;

    function setUp() public {
        vm.etch(SystemAddresses.DIRECTORY, address(new OpenDirectory()).code);
        vm.roll(FIRST);
        _account = Account(payable(Clones.clone(address(new Account()))));
        _account.initialise(_signer(0));
    }

    function testFuzz_everyBlockHasItsSigner(uint256 seed) public {
        uint256 blockNumber = FIRST;
        bytes memory current = _signer(0);
        uint256 resets;
        for (uint256 i; i < STEPS; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            for (uint256 passed = seed % 4; passed > 0; --passed) {
                _expected.push(current);
                vm.roll(++blockNumber);
            }
            bytes memory next = _signer((seed >> 8) % 12);
            bool isReset = (seed >> 32) % 5 == 0;
            if (!isReset) vm.prank(SystemAddresses.ENTRY_POINT);
            bool changed = _change(next, isReset);
            assert(changed == !_lost[keccak256(next)]);
            if (!changed) continue;
            if (isReset) ++resets;
            if (isReset && keccak256(current) != keccak256(next)) _lost[keccak256(current)] = true;
            current = next;
        }
        _expected.push(current);

        for (uint256 i; i < _expected.length; ++i) {
            assert(keccak256(_account.signerAt(uint48(FIRST + i))) == keccak256(_expected[i]));
        }
        for (uint48 before; before < FIRST; before += 7) {
            assert(_account.signerAt(before).length == 0);
        }
        (, uint32 counted) = _account.resetState();
        assert(counted == resets);
        assert(!_lost[keccak256(_account.signer())]);
    }

    function _change(bytes memory next, bool isReset) private returns (bool) {
        if (isReset) {
            try _account.resetSigner(next) {
                return true;
            } catch {
                return false;
            }
        }
        try _account.setSigner(next) {
            return true;
        } catch {
            return false;
        }
    }

    /// @dev Addresses, and verifiers with keys of several lengths.
    function _signer(uint256 number) private pure returns (bytes memory) {
        address first = address(uint160(1_000 + number));
        if (number % 3 == 0) return abi.encodePacked(first);
        return
            number % 3 == 1 ? abi.encodePacked(first, uint8(number)) : abi.encodePacked(first, new bytes(64 + number));
    }
}
