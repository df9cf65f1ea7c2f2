// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Certifications} from "../../../contracts/identity/Certifications.sol";
import {Partners} from "../../../contracts/identity/Partners.sol";
import {IAccountFactory} from "../../../contracts/interfaces/IAccountFactory.sol";
import {ILegalDocuments} from "../../../contracts/interfaces/ILegalDocuments.sol";
import {IOrders} from "../../../contracts/interfaces/IOrders.sol";
import {Names} from "../../../contracts/types/Names.sol";
import {Roles} from "../../../contracts/types/Roles.sol";
import {SystemAddresses} from "../../../contracts/types/SystemAddresses.sol";
import {vm} from "./Vm.sol";

/// @dev Everybody has signed, and everything is an account.
contract Agreeable {
    function hasSigned(bytes32, address) external pure returns (bool) {
        return true;
    }

    function isAccount(address) external pure returns (bool) {
        return true;
    }
}

/// @dev Knows one authority, which has every role.
contract OneAuthority {
    address private immutable AUTHORITY = msg.sender;

    function hasRole(uint64, address account) external view returns (bool, uint32) {
        return (account == AUTHORITY, 0);
    }
}

/// @dev Remembers the strongest level that Certifications told of.
contract QuotaRecorder {
    struct Told {
        uint8 level;
        uint40 expiresAt;
    }

    mapping(address account => Told) public told;
    mapping(address partner => bool) public barred;

    function setStanding(address account, uint8 level, uint40 expiresAt) external {
        told[account] = Told(level, expiresAt);
    }

    function setBarred(address partner, bool value) external {
        barred[partner] = value;
    }
}

/// @dev Makes any call as if an order about `subject` had asked for it.
contract AnyOrder {
    address private _subject;

    function enforce(address target, address subject, bytes calldata data) external returns (bool success) {
        _subject = subject;
        (success, ) = target.call(data);
    }

    function executing() external pure returns (uint256) {
        return 1;
    }

    function orderOf(uint256) external view returns (IOrders.Order memory order) {
        order.subject = _subject;
    }
}

contract IdentityDirectory {
    address private immutable PARTNERS;
    address private immutable CERTIFICATIONS;
    address private immutable ORDERS;

    constructor(address partners, address certifications, address orders) {
        (PARTNERS, CERTIFICATIONS, ORDERS) = (partners, certifications, orders);
    }

    function addressOf(bytes32 name) external view returns (address) {
        if (name == Names.PARTNERS) return PARTNERS;
        return name == Names.ORDERS ? ORDERS : CERTIFICATIONS;
    }
}

/// @title Partners and Certifications, with as little around them as they need; the test has every role
abstract contract IdentityStage {
    Partners internal _partners;
    Certifications internal _certifications;
    AnyOrder internal _orders;

    function _build(uint256 partners) internal {
        address agreeable = address(new Agreeable());
        _orders = new AnyOrder();
        _partners = new Partners(ILegalDocuments(agreeable));
        _certifications = new Certifications(_partners, IAccountFactory(agreeable));
        address directory = address(
            new IdentityDirectory(address(_partners), address(_certifications), address(_orders))
        );
        vm.etch(SystemAddresses.DIRECTORY, directory.code);
        vm.etch(SystemAddresses.ACCESS_MANAGER, address(new OneAuthority()).code);
        vm.etch(SystemAddresses.QUOTA, address(new QuotaRecorder()).code);
        _certifications.initialise();
        for (uint256 i; i < partners; ++i) {
            _partners.admit(_partner(i), type(uint32).max, "document", string(abi.encodePacked("partner ", i)));
        }
    }

    function _partner(uint256 index) internal pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode("partner", index)))));
    }

    function _account(uint256 index) internal pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode("account", index)))));
    }

    /// @dev Calls as somebody; a refusal is no failure of the test.
    function _try(address caller, address target, bytes memory data) internal returns (bool success) {
        vm.prank(caller);
        (success, ) = target.call(data);
    }
}
