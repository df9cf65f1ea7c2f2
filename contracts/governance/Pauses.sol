// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICouncil} from "../interfaces/ICouncil.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";

/// @title Terms in which somebody has to act, longer by the blocks in which nobody could (GO-3)
/// @dev Exact for terms of up to `EmergencyPause.PAUSE_REST_BLOCKS`: no second pause begins in them. Of the pauses in a
/// longer term the newest counts.
library Pauses {
    /// @param firstBlock First block of the term.
    /// @param lastBlock Last block of the term had there been no pause.
    /// @return Last block of the term, as far as it is known now.
    function extend(uint48 firstBlock, uint48 lastBlock) internal view returns (uint48) {
        (uint48 first, uint48 last) = ICouncil(SystemAddresses.COUNCIL).lastPause();
        if (first > lastBlock || last < firstBlock) return lastBlock;
        return lastBlock + last + 1 - (first > firstBlock ? first : firstBlock);
    }
}
