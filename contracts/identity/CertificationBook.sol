// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {CertificationState} from "../types/CertificationState.sol";
import {PastBlocks} from "../types/PastBlocks.sol";

/// @title What every certifier ever said of every account
/// @notice A certifier's newest checkpoint is what it says now: there is no second copy that could differ.
abstract contract CertificationBook is ICertifications {
    using Checkpoints for Checkpoints.Trace208;
    using Checkpoints for Checkpoints.Trace256;

    uint256 public constant MAX_CERTIFIERS = 8;

    /// @dev What one certifier says of one account.
    /// @param states Checkpoints of `CertificationState`.
    /// @param grounds Grounds of suspending, resuming and revoking, as checkpoints.
    /// @param digests Identity digest of each issue.
    /// @param closed Last state of each issue that a later one replaced.
    struct Page {
        Checkpoints.Trace208 states;
        Checkpoints.Trace256 grounds;
        mapping(uint32 issue => bytes32) digests;
        mapping(uint32 issue => CertificationState) closed;
    }

    mapping(address account => mapping(address certifier => Page)) private _pages;
    /// @dev Certifiers that may be live now, at most `MAX_CERTIFIERS`.
    mapping(address account => address[]) private _places;
    /// @dev Certifiers that lost their place to another one, each once; some have a place again.
    mapping(address account => address[]) private _formers;
    mapping(address account => mapping(address certifier => bool)) private _isFormer;
    mapping(address certifier => bool) private _terminated;

    /// @inheritdoc ICertifications
    function certification(address account, address certifier) external view returns (Certification memory) {
        return _read(account, certifier, _state(account, certifier));
    }

    /// @inheritdoc ICertifications
    function certificationAt(
        address account,
        address certifier,
        uint48 blockNumber
    ) external view returns (Certification memory) {
        PastBlocks.check(blockNumber);
        return _read(account, certifier, _stateAt(account, certifier, blockNumber));
    }

    /// @inheritdoc ICertifications
    function issuesOf(address account, address certifier) external view returns (uint32) {
        return _state(account, certifier).issue();
    }

    /// @inheritdoc ICertifications
    function issue(address account, address certifier, uint32 number) external view returns (Certification memory) {
        CertificationState state = _state(account, certifier);
        if (number != state.issue()) state = _pages[account][certifier].closed[number];
        return _read(account, certifier, state);
    }

    /// @inheritdoc ICertifications
    function groundOf(address account, address certifier) external view returns (bytes32) {
        return bytes32(_pages[account][certifier].grounds.latest());
    }

    /// @inheritdoc ICertifications
    function groundAt(address account, address certifier, uint48 blockNumber) external view returns (bytes32) {
        PastBlocks.check(blockNumber);
        return bytes32(_pages[account][certifier].grounds.upperLookupRecent(blockNumber));
    }

    /// @inheritdoc ICertifications
    function isUnderOrder(address account, address certifier) external view returns (bool) {
        return _state(account, certifier).isOrdered();
    }

    /// @inheritdoc ICertifications
    function certifiersOf(address account) external view returns (address[] memory) {
        return _allCertifiers(account);
    }

    function _state(address account, address certifier) internal view returns (CertificationState) {
        return CertificationState.wrap(_pages[account][certifier].states.latest());
    }

    function _stateAt(
        address account,
        address certifier,
        uint48 blockNumber
    ) internal view returns (CertificationState) {
        return CertificationState.wrap(_pages[account][certifier].states.upperLookupRecent(blockNumber));
    }

    function _certifiersNow(address account) internal view returns (address[] storage) {
        return _places[account];
    }

    /// @dev Everybody who ever certified the account: those with a place, then those without.
    function _allCertifiers(address account) internal view returns (address[] memory all) {
        address[] storage places = _places[account];
        address[] storage formers = _formers[account];
        uint256 count = places.length;
        uint256 others = formers.length;
        uint256 back;
        for (uint256 i; i < others; ++i) {
            if (_contains(places, formers[i])) ++back;
        }
        all = new address[](count + others - back);
        for (uint256 i; i < count; ++i) {
            all[i] = places[i];
        }
        for (uint256 i; i < others; ++i) {
            if (_contains(places, formers[i])) continue;
            all[count] = formers[i];
            ++count;
        }
    }

    function _isTerminated(address certifier) internal view returns (bool) {
        return _terminated[certifier];
    }

    function _isLive(CertificationState state, address certifier) internal view returns (bool) {
        return state.status() == Status.Active && state.expiresAt() > block.timestamp && !_terminated[certifier];
    }

    function _setTerminated(address certifier) internal {
        _terminated[certifier] = true;
    }

    /// @dev Enters a new issue, which closes the one before it.
    function _enterIssue(
        address account,
        address certifier,
        CertificationState previous,
        CertificationState state,
        bytes32 digest
    ) internal {
        _takePlace(account, certifier);
        Page storage page = _pages[account][certifier];
        Status status = previous.status();
        if (status != Status.None) {
            page.closed[previous.issue()] =
                status == Status.Revoked ? previous : previous.withStatus(Status.Superseded);
        }
        page.digests[state.issue()] = digest;
        page.states.push(uint48(block.number), CertificationState.unwrap(state));
    }

    /// @dev Enters another status of the newest issue. One that is resumed begins anew.
    function _enterStatus(address account, address certifier, CertificationState state, bytes32 ground) internal {
        if (state.status() == Status.Active) state = state.withSince(uint48(block.number));
        Page storage page = _pages[account][certifier];
        page.states.push(uint48(block.number), CertificationState.unwrap(state));
        page.grounds.push(block.number, uint256(ground));
    }

    /// @dev Gives a certifier a place: its own, a free one, or that of one that can not come to life again by itself.
    function _takePlace(address account, address certifier) private {
        address[] storage places = _places[account];
        if (_contains(places, certifier)) return;
        uint256 length = places.length;
        if (length < MAX_CERTIFIERS) {
            places.push(certifier);
            return;
        }
        for (uint256 i; i < length; ++i) {
            address former = places[i];
            if (_mayLive(_state(account, former), former)) continue;
            places[i] = certifier;
            if (!_isFormer[account][former]) {
                _isFormer[account][former] = true;
                _formers[account].push(former);
            }
            return;
        }
        revert CertificationTooManyCertifiers(account, MAX_CERTIFIERS);
    }

    /// @dev Whether a certification is live, or could be resumed. A suspended one keeps its place for that.
    function _mayLive(CertificationState state, address certifier) private view returns (bool) {
        return state.status() != Status.Revoked && state.expiresAt() > block.timestamp && !_terminated[certifier];
    }

    function _contains(address[] storage list, address certifier) private view returns (bool) {
        uint256 length = list.length;
        for (uint256 i; i < length; ++i) {
            if (list[i] == certifier) return true;
        }
        return false;
    }

    function _read(
        address account,
        address certifier,
        CertificationState state
    ) private view returns (Certification memory) {
        return
            Certification({
                level: state.level(),
                status: state.status(),
                responsible: state.isResponsible(),
                issuedAt: state.issuedAt(),
                expiresAt: state.expiresAt(),
                digest: _pages[account][certifier].digests[state.issue()]
            });
    }
}
