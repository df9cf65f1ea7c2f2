import { Hono } from "hono";

// Ponder asks for it; nothing is served.
export default new Hono();
