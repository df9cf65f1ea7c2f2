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
    /// @dev Only partners and admission parties certify.
    error PartnerNotACertifier(address certifier);
    error PartnerGroundMissing();

    /// @notice Admits an institution whose account has signed the legal document in force. Admission parties only.
    /// @param permissions Bits of `PartnerPermissions`.
    function admit(address account, uint32 permissions, bytes32 document, string calldata name) external;

    /// @notice Changes what a partner may do. Admission parties only.
    function setPermissions(address partner, uint32 permissions) external;

    /// @notice Suspends, reinstates or terminates a partner. Operator only.
    /// @param ground Digest of the order or of the stated ground; can not be empty (GO-2).
    function suspend(address partner, bytes32 ground) external;
    function reinstate(address partner, bytes32 ground) external;
    function terminate(address partner, bytes32 ground) external;

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
}
