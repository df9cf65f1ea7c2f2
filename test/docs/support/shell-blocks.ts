/** A command in a fenced block of a page, as a shell would read it. */
export interface ShellCommand {
  /** With quotes taken off; settings in front of the command are left out. */
  words: string[];
  /** As it stands, for messages. */
  text: string;
}

/** The commands of a page's blocks that are marked `sh`. */
export function shellCommands(page: string): ShellCommand[] {
  const blocks = [...page.matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].map(([, block = ""]) => block);
  return blocks.flatMap((block) =>
    block
      .replace(/\\\n/g, " ")
      .split("\n")
      .filter((line) => line.trim() !== "" && !line.trim().startsWith("#"))
      .flatMap((line) => commandsIn(line.trim())),
  );
}

/** Links of a page to other files, without what is behind `#`. */
export function linksOf(page: string): string[] {
  return [...page.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map(([, target = ""]) => target)
    .filter((to) => !/^\w+:/.test(to));
}

/** Several where one feeds or follows another. */
function commandsIn(line: string): ShellCommand[] {
  const commands: ShellCommand[] = [];
  let words: string[] = [];
  const end = () => {
    const own = words.filter((word, index) => !(/^[A-Z_]+=/.test(word) && words.slice(0, index).every(isSetting)));
    if (own.length > 0) commands.push({ words: own, text: line });
    words = [];
  };
  for (const [token] of line.matchAll(/'[^']*'|"[^"]*"|&&|[|;]|[^\s|;&'"]+/g)) {
    if (["&&", "|", ";"].includes(token)) end();
    else words.push(token.replace(/^(['"])(.*)\1$/s, "$2"));
  }
  end();
  return commands;
}

const isSetting = (word: string) => /^[A-Z_]+=/.test(word);
