// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title An account's strongest live certification in one storage slot
/// @notice From the lowest bits up: level (8) | responsible (8) | expiresAt (40) | edition (32) | unused (8) |
/// certifier (160). Read as one word: the compiler would read a struct's members one after another.
type Standing is uint256;

using Standings for Standing global;

library Standings {
    uint256 private constant EXPIRES_AT = 16;
    uint256 private constant EDITION = 56;
    uint256 private constant CERTIFIER = 96;
    uint256 private constant WITHOUT_EXPIRY = ~(uint256(type(uint40).max) << EXPIRES_AT);

    function create(
        uint8 level_,
        bool responsible,
        uint40 expiresAt_,
        uint32 edition_,
        address certifier_
    ) internal pure returns (Standing) {
        uint256 what = uint256(level_) | (uint256(responsible ? 1 : 0) << 8);
        uint256 until = (uint256(expiresAt_) << EXPIRES_AT) | (uint256(edition_) << EDITION);
        return Standing.wrap(what | until | (uint256(uint160(certifier_)) << CERTIFIER));
    }

    function level(Standing standing) internal pure returns (uint8) {
        return uint8(Standing.unwrap(standing));
    }

    function isResponsible(Standing standing) internal pure returns (bool) {
        return uint8(Standing.unwrap(standing) >> 8) != 0;
    }

    function expiresAt(Standing standing) internal pure returns (uint40) {
        return uint40(Standing.unwrap(standing) >> EXPIRES_AT);
    }

    function edition(Standing standing) internal pure returns (uint32) {
        return uint32(Standing.unwrap(standing) >> EDITION);
    }

    function certifier(Standing standing) internal pure returns (address) {
        return address(uint160(Standing.unwrap(standing) >> CERTIFIER));
    }

    /// @dev Whether two accounts have the same level from the same certifier: what holds for one then holds for the
    /// other, until it expires.
    function equalsButExpiry(Standing standing, Standing other) internal pure returns (bool) {
        return (Standing.unwrap(standing) ^ Standing.unwrap(other)) & WITHOUT_EXPIRY == 0;
    }
}
