// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title ERC-7943 for ERC-1155: what a regulated token says and what an authority can do to it
/// @notice Interface id 0x41c4fbad. https://eips.ethereum.org/EIPS/eip-7943
interface IERC7943MultiToken is IERC165 {
    event ForcedTransfer(address indexed from, address indexed to, uint256 indexed tokenId, uint256 amount);
    /// @param amount Frozen amount after the change.
    event Frozen(address indexed account, uint256 indexed tokenId, uint256 amount);

    error ERC7943CannotSend(address account);
    error ERC7943CannotReceive(address account);
    error ERC7943CannotTransfer(address from, address to, uint256 tokenId, uint256 amount);
    /// @dev The balance would do, but not what of it is unfrozen.
    error ERC7943InsufficientUnfrozenBalance(address account, uint256 tokenId, uint256 amount, uint256 unfrozen);

    /// @notice Moves tokens without their holder, frozen ones included. An order about `from` only.
    function forcedTransfer(address from, address to, uint256 tokenId, uint256 amount) external returns (bool result);

    /// @notice Sets how much of a holder's balance stays where it is. An order about the account only.
    /// @param amount May be more than the balance: then it also holds what comes later.
    function setFrozenTokens(address account, uint256 tokenId, uint256 amount) external returns (bool result);

    /// @notice Whether the account may send at all; says nothing about amounts.
    function canSend(address account) external view returns (bool allowed);

    /// @notice Whether the account may receive at all.
    function canReceive(address account) external view returns (bool allowed);

    /// @notice Frozen amount, which may be more than the balance.
    function getFrozenTokens(address account, uint256 tokenId) external view returns (uint256 amount);

    /// @notice Whether every rule allows this transfer in this block.
    function canTransfer(
        address from,
        address to,
        uint256 tokenId,
        uint256 amount
    ) external view returns (bool allowed);
}
