// Starts the language server again.
import type { Server } from "../client";

export async function restart(server: Server): Promise<void> {
  await server.stop();
  await server.start();
}
