// Every command of the extension by its name in `package.json`.
import { server, signIn, signOut } from "./account";
import { deploy } from "./deploy";
import { homePage, setPage } from "./pages";
import { push } from "./push";
import { selectCluster, selectRelease } from "./release";
import type { Workplace } from "./ui";

/** `target` is the file or folder that a menu was opened on. */
export type Command = (place: Workplace, target?: string) => Promise<void> | void;

/** What each command does. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  "kun.selectRelease": selectRelease,
  "kun.selectCluster": selectCluster,
  "kun.restart": (place) => place.server.restart(),
  "kun.showOutput": (place) => place.server.showOutput(),
  "kun.signIn": signIn,
  "kun.signOut": signOut,
  "kun.push": push,
  "kun.deploy": deploy,
  "kun.open": open,
};

/** Opens the page of the set that the settings name, or the start page. */
async function open(place: Workplace): Promise<void> {
  const at = await server(place);
  if (!at) return;
  const { "backend.project": project, "backend.resourceSet": set } = place.settings();
  const isNamed = project !== "" && set !== "";
  await place.window.open(isNamed ? setPage(at, { project, set }) : homePage(at));
}
