// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICertifications} from "../../../contracts/interfaces/ICertifications.sol";
import {IPartners} from "../../../contracts/interfaces/IPartners.sol";
import {LevelPermissions} from "../../../contracts/types/Permissions.sol";
import {SystemAddresses} from "../../../contracts/types/SystemAddresses.sol";
import {IdentityStage, QuotaRecorder} from "../support/IdentityStage.sol";
import {vm} from "../support/Vm.sol";

/// @title What Certifications answers, after random acts of partners, operator, orders and Council
/// @dev Blocks and times are kept in variables: the optimiser reads `block.number` once, wherever it stands.
contract AnswersTest is IdentityStage {
    uint256 private constant PARTNERS = 11;
    uint256 private constant ACCOUNTS = 2;
    uint32 private constant BITS = 5;
    bytes32 private constant GROUND = "ground";

    /// @dev An answer that was given live, and when.
    struct Seen {
        uint48 blockNumber;
        uint40 time;
        address account;
        address partner;
        address certifier;
        uint8 level;
        uint8 wanted;
        uint32 permissions;
        bool asked;
        ICertifications.Answer answer;
        address by;
    }

    uint256 private _block;
    uint256 private _time;
    /// @dev Certifications that were ever made, so that a run which does nothing is noticed.
    uint256 private _certified;

    function setUp() public {
        (_block, _time) = (100, 1_000_000);
        vm.roll(_block);
        vm.warp(_time);
        _build(PARTNERS);
    }

    function testFuzz_areThoseOfACalculationFromScratch(uint256[48] memory seeds) public {
        for (uint256 i; i < seeds.length; ++i) {
            _step(seeds[i]);
            for (uint256 who; who < ACCOUNTS; ++who) {
                _checkLevel(_account(who));
                _checkPermissions(_account(who));
                _checkEvidence(_account(who));
                _checkAcceptance(_account(who), _pick(seeds[i], 220, PARTNERS), uint8(_pick(seeds[i], 230, 7) + 1));
                _checkPlaces(_account(who));
            }
            _checkTransfer(_pick(seeds[i], 220, PARTNERS), uint8(_pick(seeds[i], 230, 7) + 1));
        }
        assert(_certified != 0);
    }

    function testFuzz_asOfABlockAreThoseThatWereGivenThen(uint256[48] memory seeds) public {
        Seen[] memory seen = new Seen[](seeds.length);
        for (uint256 i; i < seeds.length; ++i) {
            _step(seeds[i]);
            seen[i] = _look(seeds[i]);
        }
        vm.roll(++_block);
        for (uint256 i; i < seeds.length; ++i) {
            _compare(seen[i]);
        }
    }

    function testFuzz_toldToQuotaIsTheStandingAfterEachRefresh(uint256[32] memory seeds) public {
        for (uint256 i; i < seeds.length; ++i) {
            _step(seeds[i]);
        }
        for (uint256 who; who < ACCOUNTS; ++who) {
            address account = _account(who);
            _certifications.refresh(account);
            (uint8 level, address certifier) = _certifications.levelOf(account);
            (uint8 told, uint40 until) = QuotaRecorder(SystemAddresses.QUOTA).told(account);
            assert(told == level);
            assert(until == _certifications.certification(account, certifier).expiresAt);
        }
    }

    /// @dev One act by somebody, in a block of its own.
    function _step(uint256 seed) private {
        vm.roll(++_block);
        vm.warp(_time += 1 + _pick(seed, 0, 40));
        address partner = _partner(_pick(seed, 10, PARTNERS));
        address account = _account(_pick(seed, 20, ACCOUNTS));
        uint256 act = _pick(seed, 30, 20);
        if (act < 9) return _certify(partner, account, seed);
        if (act == 9) return _tell(partner, abi.encodeCall(ICertifications.suspend, (account, GROUND)));
        if (act == 10) return _tell(partner, abi.encodeCall(ICertifications.resume, (account, GROUND)));
        if (act == 11) return _tell(partner, abi.encodeCall(ICertifications.revoke, (account, GROUND)));
        if (act == 12) return _order(account, abi.encodeCall(ICertifications.suspendOnOrder, (account, partner)));
        if (act == 13) return _order(account, abi.encodeCall(ICertifications.revokeOnOrder, (account, partner)));
        if (act == 14) return _order(account, abi.encodeCall(ICertifications.liftOnOrder, (account, partner)));
        if (act == 15) return _setLevel(seed);
        if (act < 18) return _recognise(partner, seed);
        if (act == 18) return _supervise(partner, seed);
        _certifications.refresh(account);
    }

    function _certify(address partner, address account, uint256 seed) private {
        uint8 level = uint8(_pick(seed, 40, 7) + 1);
        uint40 expiry = uint40(_time + 1 + _pick(seed, 50, 800));
        bytes memory data = abi.encodeCall(
            ICertifications.certify,
            (account, level, seed & (1 << 60) != 0, expiry, bytes32(seed | 1))
        );
        if (_try(partner, address(_certifications), data)) ++_certified;
    }

    function _setLevel(uint256 seed) private {
        uint8 rank = uint8(_pick(seed, 50, 7) * 10);
        uint32 permissions = uint32(_pick(seed, 60, 1 << BITS));
        vm.prank(SystemAddresses.COUNCIL);
        _certifications.setLevel(uint8(_pick(seed, 40, 7) + 1), rank, permissions);
    }

    function _recognise(address partner, uint256 seed) private {
        address other = _partner(_pick(seed, 40, PARTNERS));
        uint8 level = uint8(_pick(seed, 50, 9));
        _try(partner, address(_partners), abi.encodeCall(IPartners.recognise, (other, level)));
    }

    function _supervise(address partner, uint256 seed) private {
        uint256 what = _pick(seed, 40, 8);
        bytes memory data =
            what < 3
                ? abi.encodeCall(IPartners.suspend, (partner, GROUND))
                : what < 7
                    ? abi.encodeCall(IPartners.reinstate, (partner, GROUND))
                    : abi.encodeCall(IPartners.terminate, (partner, GROUND));
        _try(address(this), address(_partners), data);
    }

    function _tell(address partner, bytes memory data) private {
        _try(partner, address(_certifications), data);
    }

    function _order(address account, bytes memory data) private {
        _orders.enforce(address(_certifications), account, data);
    }

    function _look(uint256 seed) private view returns (Seen memory seen) {
        (seen.blockNumber, seen.time) = (uint48(_block), uint40(_time));
        seen.account = _account(_pick(seed, 200, ACCOUNTS));
        seen.partner = _partner(_pick(seed, 210, PARTNERS));
        seen.wanted = uint8(_pick(seed, 220, 7) + 1);
        (seen.level, seen.certifier) = _certifications.levelOf(seen.account);
        for (uint32 bit; bit < BITS; ++bit) {
            if (_certifications.permits(seen.account, uint32(1) << bit)) seen.permissions |= uint32(1) << bit;
        }
        try _certifications.accepts(seen.partner, seen.account, seen.wanted) returns (
            ICertifications.Answer answer,
            address by
        ) {
            (seen.asked, seen.answer, seen.by) = (true, answer, by);
        } catch {}
    }

    function _compare(Seen memory seen) private view {
        (uint8 level, address certifier) = _certifications.levelAt(seen.account, seen.blockNumber, seen.time);
        assert(level == seen.level && certifier == seen.certifier);
        for (uint32 bit; bit < BITS; ++bit) {
            uint32 permission = uint32(1) << bit;
            bool permitted = _certifications.permitsAt(seen.account, permission, seen.blockNumber, seen.time);
            assert(permitted == (seen.permissions & permission != 0));
        }
        assert(_certifications.permitsAt(seen.account, seen.permissions, seen.blockNumber, seen.time));
        try _certifications.acceptsAt(seen.partner, seen.account, seen.wanted, seen.blockNumber, seen.time) returns (
            ICertifications.Answer answer,
            address by
        ) {
            assert(seen.asked && answer == seen.answer);
            // Of several that were not live, any may be named.
            assert(by == seen.by || answer == ICertifications.Answer.NotLive);
        } catch {
            assert(!seen.asked);
        }
    }

    function _checkLevel(address account) private view {
        (uint8 level, address certifier) = _certifications.levelOf(account);
        uint8 rank = _certifications.level(level).rank;
        assert((level == 0) == (certifier == address(0)));
        if (level != 0) assert(_isLive(account, certifier) && _levelBy(account, certifier) == level && rank != 0);
        address[] memory certifiers = _certifications.certifiersOf(account);
        for (uint256 i; i < certifiers.length; ++i) {
            if (!_isLive(account, certifiers[i])) continue;
            uint8 other = _certifications.level(_levelBy(account, certifiers[i])).rank;
            assert(other <= rank);
            if (other == rank && rank != 0) {
                bool mine = _certifications.certification(account, certifier).responsible;
                bool others = _certifications.certification(account, certifiers[i]).responsible;
                assert(mine || !others);
            }
        }
    }

    function _checkPermissions(address account) private view {
        uint32 permissions = _permissionsOf(account);
        for (uint32 mask; mask < 1 << BITS; ++mask) {
            assert(_certifications.permits(account, mask) == (permissions & mask == mask));
        }
    }

    function _permissionsOf(address account) private view returns (uint32 permissions) {
        address[] memory certifiers = _certifications.certifiersOf(account);
        for (uint256 i; i < certifiers.length; ++i) {
            ICertifications.LevelRule memory rule = _certifications.level(_levelBy(account, certifiers[i]));
            if (rule.rank != 0 && _isLive(account, certifiers[i])) permissions |= rule.permissions;
        }
    }

    function _checkEvidence(address account) private view {
        bool alone = _permissionsOf(account) & LevelPermissions.EVIDENCE != 0;
        bool under;
        address[] memory certifiers = _certifications.certifiersOf(account);
        for (uint256 i; i < certifiers.length; ++i) {
            if (_takesResponsibility(account, certifiers[i])) under = true;
        }
        try _certifications.requireEvidence(account) returns (address responsible) {
            assert(responsible == address(0) ? alone : _takesResponsibility(account, responsible));
        } catch {
            assert(!alone && !under);
        }
    }

    function _takesResponsibility(address account, address certifier) private view returns (bool) {
        ICertifications.Certification memory c = _certifications.certification(account, certifier);
        ICertifications.LevelRule memory rule = _certifications.level(c.level);
        bool permits = rule.rank != 0 && rule.permissions & LevelPermissions.EVIDENCE_UNDER_PARTNER != 0;
        return permits && c.responsible && _isLive(account, certifier);
    }

    function _checkAcceptance(address account, uint256 index, uint8 wanted) private view {
        if (_certifications.level(wanted).rank == 0) return;
        address partner = _partner(index);
        (ICertifications.Answer answer, address by) = _certifications.accepts(partner, account, wanted);
        assert((answer == ICertifications.Answer.Accepted) == _isAccepted(partner, account, wanted, 0));
        if (answer == ICertifications.Answer.Accepted) assert(_fits(partner, account, by, wanted, 0));
        if (answer == ICertifications.Answer.NotCertified) {
            assert(_certifications.certifiersOf(account).length == 0);
        } else {
            assert(_certifications.certification(account, by).status != ICertifications.Status.None);
        }
    }

    function _checkTransfer(uint256 index, uint8 wanted) private view {
        if (_certifications.level(wanted).rank == 0) return;
        address issuer = _partner(index);
        (address from, address to) = (_account(0), _account(1));
        (address refused, ICertifications.Answer answer) = _certifications.checkTransfer(issuer, from, to, wanted);
        bool first = _isAccepted(issuer, from, wanted, LevelPermissions.VOUCHERS);
        bool second = _isAccepted(issuer, to, wanted, LevelPermissions.VOUCHERS);
        assert((answer == ICertifications.Answer.Accepted) == (first && second));
        assert(
            refused ==
                (
                    !first
                        ? from
                        : !second
                            ? to
                            : address(0)
                )
        );
    }

    function _isAccepted(
        address partner,
        address account,
        uint8 wanted,
        uint32 permission
    ) private view returns (bool) {
        address[] memory certifiers = _certifications.certifiersOf(account);
        for (uint256 i; i < certifiers.length; ++i) {
            if (_fits(partner, account, certifiers[i], wanted, permission)) return true;
        }
        return false;
    }

    function _fits(
        address partner,
        address account,
        address certifier,
        uint8 wanted,
        uint32 permission
    ) private view returns (bool) {
        if (!_isLive(account, certifier)) return false;
        ICertifications.LevelRule memory rule = _certifications.level(_levelBy(account, certifier));
        if (rule.rank < _certifications.level(wanted).rank || rule.permissions & permission != permission) return false;
        if (partner == certifier) return true;
        uint8 lowest = _certifications.level(_partners.recognition(partner, certifier)).rank;
        return lowest != 0 && rule.rank >= lowest;
    }

    /// @dev Nobody with a live certification ever loses it to another certifier, and nobody is listed twice.
    function _checkPlaces(address account) private view {
        address[] memory certifiers = _certifications.certifiersOf(account);
        uint256 live;
        for (uint256 i; i < certifiers.length; ++i) {
            if (_isLive(account, certifiers[i])) ++live;
            for (uint256 other; other < i; ++other) {
                assert(certifiers[other] != certifiers[i]);
            }
        }
        assert(live <= _certifications.MAX_CERTIFIERS());
    }

    function _isLive(address account, address certifier) private view returns (bool) {
        ICertifications.Certification memory c = _certifications.certification(account, certifier);
        bool terminated = _partners.statusOf(certifier) == IPartners.Status.Terminated;
        return c.status == ICertifications.Status.Active && c.expiresAt > _time && !terminated;
    }

    function _levelBy(address account, address certifier) private view returns (uint8) {
        return _certifications.certification(account, certifier).level;
    }

    /// @dev A number below `count` out of a part of the seed.
    function _pick(uint256 seed, uint256 part, uint256 count) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, part))) % count;
    }
}
