// Exit 0 while the services of this container can do their work, 1 when not: what container engines ask.
const port = process.env.BROP_PORT || "8420";
const host = process.env.BROP_HOST || "127.0.0.1";
const reached = host === "0.0.0.0" ? "127.0.0.1" : host;
try {
  const answer = await fetch(`http://${reached}:${port}/readyz`, { signal: AbortSignal.timeout(8_000) });
  console.log(await answer.text());
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  console.log(String(error));
  process.exitCode = 1;
}
