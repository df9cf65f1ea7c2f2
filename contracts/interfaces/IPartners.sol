// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Partners: institutions under contract, what they may do and whom they recognise
interface IPartners {
    /// @dev Suspended can be lifted, Terminated is final.
    enum Status {
        None,
        Admitted,
        Suspended,
        Terminated
    }

    /// @param status See `Status`.
    /// @param permissions Bits of `PartnerPermissions`.
    /// @param admittedBlock Block of the admission.
    /// @param admissionParty Who admitted it.
    /// @param document Legal document under which it was admitted.
    /// @param name Public name, UTF-8.
    struct Partner {
        Status status;
        uint32 permissions;
        uint48 admittedBlock;
        address admissionParty;
        bytes32 document;
        string name;
    }

    event PartnerAdmitted(
        address indexed partner,
        address indexed admissionParty,
        uint32 permissions,
        bytes32 document,
        string name
    );
    event PermissionsChanged(address indexed partner, uint32 permissions);
    event PartnerSuspended(address indexed partner, bytes32 ground);
    event PartnerReinstated(address indexed partner, bytes32 ground);
    event PartnerTerminated(address indexed partner, bytes32 ground);
    event RecognitionChanged(address indexed partner, address indexed recognised, uint8 fromLevel);

    error PartnerUnsigned(address account, bytes32 document);
    error PartnerKnown(address partner, Status status);
    error PartnerWrongStatus(address partner, Status status);
    error PartnerNotAdmitted(address partner);
    error PartnerPermissionMissing(address partner, uint32 permission);
    error PartnerNameMissing();
    error PartnerNameTaken(string name, address partner);
    /// @dev Only partners and admission parties certify.
    error PartnerNotACertifier(address certifier);
    error PartnerGroundMissing();
    /// @dev An order suspended it: only an order reinstates it.
    error PartnerUnderOrder(address partner);

    /// @notice Admits an institution whose account has signed the legal document in force. Admission parties only.
    /// @param permissions Bits of `PartnerPermissions`.
    /// @param name Public name; no other partner has or had it.
    function admit(address account, uint32 permissions, bytes32 document, string calldata name) external;

    /// @notice Changes what a partner may do. Admission parties only.
    function setPermissions(address partner, uint32 permissions) external;

    /// @notice Suspends, reinstates or terminates a partner. Operator only. A suspended partner issues nothing new and pays
    /// for nobody; what it certified stays live, and what it owes it can still honour. Termination is final and ends its
    /// certifications. What an order suspended, the operator can not reinstate.
    /// @param ground Digest of the stated ground; can not be empty and is kept (GO-2).
    function suspend(address partner, bytes32 ground) external;
    function reinstate(address partner, bytes32 ground) external;
    function terminate(address partner, bytes32 ground) external;

    /// @notice The same on an order about the partner; the order's number is the ground. Through Orders only.
    function suspendOnOrder(address partner) external;
    function reinstateOnOrder(address partner) external;
    function terminateOnOrder(address partner) external;

    /// @notice The calling partner accepts another certifier's certifications from a level up (ID-6).
    /// @param fromLevel Number of a level; 0 ends the recognition.
    function recognise(address certifier, uint8 fromLevel) external;

    function partner(address account) external view returns (Partner memory);
    function statusOf(address account) external view returns (Status);
    function isAdmitted(address account) external view returns (bool);
    /// @notice Whether an admitted partner has every one of the permission bits.
    function hasPermission(address account, uint32 permission) external view returns (bool);
    /// @notice Reverts with the reason unless `hasPermission`.
    function requirePermission(address account, uint32 permission) external view;
    /// @notice Lowest level from which `partner` accepts the certifier; 0: not at all. A partner accepts itself at any.
    function recognition(address partner, address certifier) external view returns (uint8 fromLevel);

    /// @notice The same at the end of a past block; the block in progress may still change and is refused.
    function recognitionAt(address partner, address certifier, uint48 blockNumber) external view returns (uint8);
    function statusAt(address partner, uint48 blockNumber) external view returns (Status);
    /// @notice Permission bits at the end of a past block, whatever the partner's status was.
    function permissionsAt(address partner, uint48 blockNumber) external view returns (uint32);

    /// @notice Ground, or number of the order, of the last suspension, reinstatement or termination.
    function groundOf(address partner) external view returns (bytes32);
    function groundAt(address partner, uint48 blockNumber) external view returns (bytes32);
    /// @notice Whether an order suspended it, and no order has reinstated it.
    function isUnderOrder(address partner) external view returns (bool);
    /// @notice Partner of this very name; the zero address: none.
    function partnerNamed(string calldata name) external view returns (address);
}
