// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC1155} from "solady/src/tokens/ERC1155.sol";

/// @dev Solady's multi token without any rule, for comparisons.
contract BenchSoladyToken is ERC1155 {
    function mint(address to, uint256 amount) external {
        _mint(to, 0, amount, "");
    }

    function mintMany(address[] calldata to, uint256[] calldata amounts) external {
        for (uint256 i; i < to.length; ++i) {
            _mint(to[i], 0, amounts[i], "");
        }
    }

    function uri(uint256) public pure override returns (string memory) {
        return "https://example.org/{id}.json";
    }
}
