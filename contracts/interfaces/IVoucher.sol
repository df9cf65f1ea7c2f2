// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Voucher: a title to goods or a service that its issuer redeems (VO)
/// @notice ERC-1155. A splittable voucher is one fungible balance under token id 0.
interface IVoucher {
    event Allocated(address indexed to, uint256 indexed lot, uint256 amount, uint256 circulating);

    error VoucherNotIssuer(address caller);
    error VoucherCapExceeded(uint256 cap, uint256 circulating, uint256 amount);
    /// @param answer Value of `ICertifications.Answer`.
    error VoucherHolderNotEligible(address account, uint8 answer);
    error VoucherAmountMissing();
    error VoucherLengthsDiffer();
    error VoucherIssuerNotPermitted(address issuer);

    /// @notice Allocates new vouchers to a certified account, within the cap. The issuer only (VO-3).
    /// @param amount Base units.
    function allocate(address to, uint256 amount) external;

    /// @notice Allocates to many accounts, all or none.
    function allocateMany(address[] calldata to, uint256[] calldata amounts) external;

    function name() external view returns (string memory);
    function symbol() external view returns (string memory);
    function decimals() external view returns (uint8);
    function issuer() external view returns (address);
    /// @notice Most base units that may circulate.
    function cap() external view returns (uint256);
    /// @notice Base units allocated and not redeemed.
    function circulating() external view returns (uint256);
    /// @notice Lowest certification level of a holder.
    function holderLevel() external view returns (uint8);
    function termsDigest() external view returns (bytes32);
}
