// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICertifications} from "../interfaces/ICertifications.sol";

/// @title How one certification is judged and compared with others, now and as of a past block alike
library Acceptance {
    /// @dev Judges a live certification. A partner accepts its own at any level.
    /// @param own Whether the partner is the certifier.
    /// @param fromLevel Level from which the partner recognises the certifier, 0: not at all.
    /// @param lowest Rank of that level. A row that is not in use has rank 0: whoever recognises from there up
    /// recognises nobody.
    function judge(
        bool own,
        uint8 fromLevel,
        uint8 lowest,
        uint8 rank,
        uint8 wanted
    ) internal pure returns (ICertifications.Answer) {
        if (!own) {
            if (fromLevel == 0) return ICertifications.Answer.NotRecognised;
            if (lowest == 0 || rank < lowest) return ICertifications.Answer.LevelTooLow;
        }
        return rank < wanted ? ICertifications.Answer.LevelTooLow : ICertifications.Answer.Accepted;
    }

    /// @dev Order of an account's certifications. Among equal ranks one whose certifier takes responsibility permits
    /// more; then the lower address comes first, so that the answer never depends on who certified first.
    function strength(uint8 rank, bool responsible, address certifier) internal pure returns (uint256) {
        return (uint256(rank) << 168) | (uint256(responsible ? 1 : 0) << 160) | uint160(~uint160(certifier));
    }

    /// @dev Order of answers, each with the certification it is about: acceptance, then the closest miss.
    function closeness(ICertifications.Answer answer, uint256 strength_) internal pure returns (uint256) {
        bool accepted = answer == ICertifications.Answer.Accepted;
        return (accepted ? type(uint256).max << 248 : uint256(uint8(answer)) << 176) | strength_;
    }
}
