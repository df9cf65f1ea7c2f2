// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ICustodyProofs} from "../interfaces/ICustodyProofs.sol";

/// @title What exchanges sign for their users (EIP-712)
abstract contract CustodyStatements is ICustodyProofs, EIP712 {
    bytes32 private constant STATEMENT_TYPEHASH = keccak256(
        "CustodyStatement(address exchange,address voucher,uint48 blockNumber,bytes32 leafKey,uint256 amount)"
    );
    bytes32 private constant DECLARED_STATEMENT_TYPEHASH = keccak256(
        "DeclaredStatement(address publisher,bytes32 record,bytes32 leafKey,uint256 amount)"
    );

    constructor() EIP712("BROP CustodyProofs", "1") {}

    /// @inheritdoc ICustodyProofs
    function statementDigest(
        address exchange,
        address voucher,
        uint48 blockNumber,
        bytes32 leafKey,
        uint256 amount
    ) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(abi.encode(STATEMENT_TYPEHASH, exchange, voucher, blockNumber, leafKey, amount))
            );
    }

    /// @inheritdoc ICustodyProofs
    function declaredStatementDigest(
        address publisher,
        bytes32 record,
        bytes32 leafKey,
        uint256 amount
    ) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(DECLARED_STATEMENT_TYPEHASH, publisher, record, leafKey, amount)));
    }
}
