import type { Provider } from "ethers";
import { EthersSigner } from "./ethers-signer.ts";
import { SigningService, type SigningServiceOptions } from "./signing-service.ts";
import { Web3Signer } from "./web3-signer.ts";

/**
 * A key behind Web3Signer (eth1 mode) for ethers: transactions of any type, messages (EIP-191) and typed data.
 *
 * It uses the signing endpoint alone and sends through `provider`, which is the network's node and not Web3Signer: the
 * service's own `eth_signTransaction` ignores `gasLimit` and drops access lists. The service keeps no nonces either, so
 * one process at a time sends with a key.
 */
export class Web3SignerSigner extends EthersSigner {
  /** @param key address of the key (20 bytes), or its public key (64 bytes, without the leading 04) */
  constructor(key: string, service: SigningServiceOptions, provider: Provider | null = null) {
    super(new Web3Signer(new SigningService(service), key), provider);
  }
}
