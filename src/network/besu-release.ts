/** The Besu that packages are made for and that `install-besu` fetches. */
export const BESU_RELEASE = {
  version: "26.8.0",
  archive: "https://github.com/hyperledger/besu/releases/download/26.8.0/besu-26.8.0.zip",
  /** As Besu's own Homebrew formula states it for this release. */
  sha256: "d19de7996560d522016927dbe232cbc68ab479f1ab064eecec2ee363c86a7c10",
  image: "hyperledger/besu:26.8.0",
  java: 25,
} as const;
