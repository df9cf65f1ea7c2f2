// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Admission: who may send transactions of its own
/// @notice Everybody else acts through a smart account and a relay. Validators read this contract's storage at the
/// parent block for each transaction, in the pool, in packaging and on import (CH-2, CH-3); its layout is therefore
/// part of the protocol: slot 0 is the mapping address -> Sender, slot 1 holds the allowance period.
interface IAdmission {
    /// @dev None: not admitted. Operator: any target and contract creation. Seat: Council only.
    /// Relay: EntryPoint.handleOps only.
    enum Kind {
        None,
        Operator,
        Seat,
        Relay
    }

    /// @dev One slot, from the lowest bits up.
    /// @param kind What the sender is.
    /// @param validFrom First block in which it may send.
    /// @param allowance Direct transactions a period.
    /// @param target The only contract it may call; the zero address permits any, and contract creation.
    struct Sender {
        Kind kind;
        uint48 validFrom;
        uint40 allowance;
        address target;
    }

    event SenderAdmitted(address indexed sender, Kind kind, address target, uint48 validFrom, uint40 allowance);
    event SenderRemoved(address indexed sender, bytes32 ground);
    event RelayRegistered(address indexed partner, address indexed relay);
    event RelayRetired(address indexed partner, address indexed relay);
    event PeriodChanged(uint48 blocks);

    error AdmissionSenderUnknown(address sender);
    error AdmissionSenderKnown(address sender);
    /// @dev Removed by Council or on an order: only Council can admit it again.
    error AdmissionSenderBarred(address sender);
    error AdmissionInvalidSender(address sender);
    error AdmissionNotPartner(address caller);
    error AdmissionNotRelayOwner(address caller, address relay);
    error AdmissionTooManyRelays(address partner, uint256 most);
    error AdmissionInvalidPeriod();
    error AdmissionGroundMissing();
    error AdmissionPartnerNotTerminated(address partner);

    /// @notice Admits or changes an operator or a seat, or a relay of the operator's. Council only.
    function admit(address sender, Kind kind, uint40 allowance) external;

    /// @notice Removes any sender for good. Council only.
    /// @param ground Digest of the stated ground; kept, see `groundOf`.
    function remove(address sender, bytes32 ground) external;

    /// @notice A partner registers a relay of its own, at most `MAX_RELAYS` of them. Nobody's leave is needed (CH-2).
    function registerRelay(address relay) external;

    /// @notice A partner takes back a relay of its own.
    function withdrawRelay(address relay) external;

    /// @notice Blocks a relay for good. Only on an order (`Orders`), which for a partner's relay has to be about that
    /// partner (GO-2). The order's number is the ground.
    function blockRelay(address relay) external;

    /// @notice Takes a relay from a terminated partner. Anybody.
    function retireRelay(address relay) external;

    /// @notice Sets the blocks after which direct allowances begin anew. Council only.
    function setPeriod(uint48 blocks) external;

    function senderOf(address sender) external view returns (Sender memory);
    /// @notice Why a sender was removed for good: digest of Council's ground or number of the order; 0: it was not.
    function groundOf(address sender) external view returns (bytes32);
    function periodBlocks() external view returns (uint48);
    function relaysOf(address partner) external view returns (address[] memory);

    /// @notice The rule that validators apply: may `sender` call `target` with this selector in block `blockNumber`?
    /// @param target The zero address stands for contract creation.
    function isPermitted(
        address sender,
        address target,
        bytes4 selector,
        uint256 blockNumber
    ) external view returns (bool);
}
