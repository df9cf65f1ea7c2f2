import { spawnSync } from "node:child_process";
import { cpSync, globSync } from "node:fs";
import { fileURLToPath } from "node:url";

// Makes `dist/`: JavaScript with type declarations for other packages to import. The site has been built before.
const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = ["node_modules/typescript/bin/tsc", "--project", "tsconfig.build.json"];
const { status } = spawnSync(process.execPath, compiler, { cwd: root, stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);

// What the compiler leaves behind, but the code reads.
for (const file of globSync("src/**/*.sql", { cwd: root })) cpSync(`${root}${file}`, `${root}dist/${file}`);
