// Which server, and as whom. A token is kept for the server that it was made by and sent to no
// other.
import { Api, tokenOfLink } from "./api";
import { Complaint, Refused } from "./failure";
import { accountPage, ownSite, serverOf, signInLink } from "./pages";
import type { Workplace } from "./ui";

/** How long a token lives that is made from a sign-in link. */
const DAYS = 90;
const LABEL = "VS Code";

/** Does `work` with the server; asks to sign in where that is needed, also if a token has ended. */
export async function withServer(
  place: Workplace,
  work: (api: Api) => Promise<void>,
): Promise<void> {
  let api = await keptApi(place);
  if (!api) {
    const at = await server(place);
    api = at === undefined ? undefined : await signedIn(place, at);
  }
  if (!api) return;
  try {
    await work(api);
  } catch (error) {
    if (!(error instanceof Refused && error.status === 401)) throw error;
    await place.secrets.remove(secretOf(api.server));
    const again = { label: "Sign In", run: () => signIn(place) };
    await place.window.tell("error", `${api.server} does not know you any more.`, [again]);
  }
}

/** Asks for a server and a token, and keeps both. */
export async function signIn(place: Workplace): Promise<void> {
  const at = await askForServer(place, place.settings()["backend.url"] || "https://");
  if (at) await signedIn(place, at);
}

/** Forgets the token. */
export async function signOut(place: Workplace): Promise<void> {
  const server = serverOf(place.settings()["backend.url"]);
  if (server) await place.secrets.remove(secretOf(server));
  const where = server ?? "any server";
  const message = `Signed out of ${where}. The token still works until it is revoked.`;
  const actions = server
    ? [{ label: "Manage Tokens", run: () => place.window.open(accountPage(server)) }]
    : [];
  await place.window.tell("info", message, actions);
}

/** The server of the settings; asked for, and kept there, if there is none. */
export async function server(place: Workplace): Promise<string | undefined> {
  const chosen = place.settings()["backend.url"];
  if (chosen !== "") {
    const found = serverOf(chosen);
    if (found) return found;
    throw new Complaint(`\`kun.backend.url\` is \`${chosen}\`, which is no address of a server.`);
  }
  return askForServer(place, "https://");
}

async function askForServer(place: Workplace, value: string): Promise<string | undefined> {
  const answer = await place.window.ask({
    title: "KUN",
    prompt: "Address of the KUN server",
    value,
    fault: (text) => (serverOf(text) ? undefined : "Give an address such as https://kun.example.com"),
  });
  const given = answer === undefined ? undefined : serverOf(answer);
  const isOther = given !== undefined && given !== place.settings()["backend.url"];
  if (isOther) await place.change("backend.url", given);
  return given;
}

async function signedIn(place: Workplace, at: string): Promise<Api | undefined> {
  const answer = await place.window.ask({
    title: `Sign in to ${at}`,
    prompt: `A token, as ${accountPage(at)} makes them${orLink()}`,
    isSecret: true,
    fault: (text) => tokenFault(at, text),
  });
  if (answer === undefined) return undefined;
  const link = signInLink(answer);
  const token = link ? await tokenOfLink(at, link.secret, LABEL, DAYS) : answer.trim();
  const api = new Api(at, token);
  let user: string;
  try {
    ({ user } = await api.session());
  } catch (error) {
    if (error instanceof Refused && error.status === 401) {
      throw new Complaint("The server does not know this token: it was revoked or has expired.");
    }
    throw error;
  }
  await place.secrets.set(secretOf(at), token);
  place.schemasChanged();
  void place.window.tell("info", `Signed in to ${at} as ${user}.`);
  return api;
}

/** The server of the settings, if a token for it is kept. */
export async function keptApi(place: Workplace): Promise<Api | undefined> {
  const at = serverOf(place.settings()["backend.url"]);
  const token = at && (await place.secrets.get(secretOf(at)));
  return at && token ? new Api(at, token) : undefined;
}

function tokenFault(at: string, text: string): string | undefined {
  const link = signInLink(text);
  if (link && ownSite()) return `Open the link in a tab, and make a token on ${accountPage(at)}`;
  if (link) return link.server === at ? undefined : `This link is of ${link.server}, not of ${at}.`;
  const isToken = /^kun_[\w-]+$/.test(text.trim());
  return isToken ? undefined : "A token starts with `kun_`, a sign-in link holds `/login?token=`.";
}

/** A page may not read the cookie that a link is answered with. */
function orLink(): string {
  return ownSite() ? "" : ", or the sign-in link that the server printed";
}

function secretOf(server: string): string {
  return `token ${server}`;
}
