import type { Provider } from "ethers";
import { EthersSigner } from "../../src/chain/signing/ethers-signer.ts";
import { openKey } from "../../src/chain/signing/open-key.ts";
import { type Config, readConfig, SETTINGS } from "../../src/config.ts";

/**
 * A key that the settings give to a script: the key itself, one at Web3Signer, or one in a token.
 * @returns undefined where the setting is not set
 * @throws BropError as `openKey`; `configuration.invalid`
 */
export async function scriptKey(
  name: "operatorKey" | "seatKey",
  provider: Provider,
  config: Config = readConfig(),
): Promise<EthersSigner | undefined> {
  const source = config[name];
  if (source === undefined) return undefined;
  return new EthersSigner(await openKey(source, config, SETTINGS[name].environment), provider);
}
