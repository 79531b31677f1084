import {
  anonymous,
  type Client,
  ok,
  type OwnAccount,
  withCookies,
  withToken,
} from "../src/index.ts";
import { keepingCookies } from "./cookies.ts";
import { known } from "./waiting.ts";
import { MARK, PASSWORD, type World } from "./world.ts";

const EMAIL = `ts-${MARK}@example.org`;

/** A church registers in a browser: cookies, and a CSRF token with each change. */
export async function inBrowser(world: World): Promise<OwnAccount> {
  const browser = withCookies(world.gateway, keepingCookies());
  const body = { churchName: `Church ${MARK}`, email: EMAIL, password: PASSWORD };
  await ok(browser.POST("/api/auth/register", { body }));
  await ok(browser.PATCH("/api/auth/me", { body: { firstName: "Ruth", lastName: "Meyer" } }));
  await ok(browser.POST("/api/auth/refresh"));
  return ok(browser.GET("/api/auth/me"));
}

export interface Program {
  api: Client;
  token: () => string;
}

/** A program signs in: tokens in the answer, and no cookie. */
export async function asProgram(world: World): Promise<Program> {
  const visitor = anonymous(world.gateway);
  const body = { email: EMAIL, password: PASSWORD, tokens: true };
  const { tokens } = await ok(visitor.POST("/api/auth/login", { body }));
  const { accessToken } = known(tokens, "token");
  const token = () => accessToken;
  return { api: withToken(world.gateway, token), token };
}
