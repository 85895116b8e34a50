// The server that the extension in the browser works with.
import { tokenOfLink } from "../../src/core/api";
import { startKun } from "../kun";

/** Starts a server that pages of `site` may ask, with a token of its first user. */
export async function serverFor(site: string) {
  const { url, signInLink, stop } = await startKun("--allow-origin", site);
  const secret = new URL(signInLink).searchParams.get("token") ?? "";
  return { url, stop, token: await tokenOfLink(url, secret, "test", 1) };
}
