import { isMainThread } from "node:worker_threads";

// Loaded before the command itself. `run.mjs` holds the other end of the channel: when that closes without a signal
// having been passed on, the parent was killed hard, and this process and its children must not outlive it.
// Processes and threads that the command starts inherit the option; the parent's number tells them apart.
if (isMainThread && process.channel && process.env.BROP_FOLLOW_PARENT === String(process.ppid)) {
  process.on("disconnect", () => {
    const group = process.platform === "win32" ? process.pid : -process.pid;
    process.kill(group, "SIGKILL");
  });
  process.channel.unref();
}
delete process.env.BROP_FOLLOW_PARENT;
