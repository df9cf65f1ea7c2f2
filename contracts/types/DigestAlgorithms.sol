// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Digest algorithms by their multicodec codes (EV-1)
/// @dev https://github.com/multiformats/multicodec/blob/master/table.csv
library DigestAlgorithms {
    uint16 internal constant SHA2_256 = 0x12;
    uint16 internal constant SHA3_256 = 0x16;
    uint16 internal constant SHA2_512_256 = 0x1015;
    uint16 internal constant SM3_256 = 0x534d;

    function isKnown(uint16 code) internal pure returns (bool) {
        return code == SHA2_256 || code == SM3_256 || code == SHA3_256 || code == SHA2_512_256;
    }
}
