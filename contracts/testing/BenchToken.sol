// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";

/// @dev OpenZeppelin's multi token without any rule, for comparisons.
contract BenchToken is ERC1155 {
    constructor() ERC1155("https://example.org/{id}.json") {}

    function mint(address to, uint256 amount) external {
        _mint(to, 0, amount, "");
    }

    function mintMany(address[] calldata to, uint256[] calldata amounts) external {
        for (uint256 i; i < to.length; ++i) {
            _mint(to[i], 0, amounts[i], "");
        }
    }
}
