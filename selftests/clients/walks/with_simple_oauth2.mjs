// simple-oauth2: its README's flow. It calls no API; whether a token works is asked with Node's own fetch.
import { AuthorizationCode, ClientCredentials } from "simple-oauth2";
import {
  API, ID, LOGIN, REDIRECT_URI, SECRET, absent, assert, callback, client, kept, step,
} from "./steps.mjs";

const config = {
  client: { id: ID, secret: SECRET },
  auth: { tokenHost: LOGIN },
  options: { authorizationMethod: "body" },
};
const flow = new AuthorizationCode(config);

async function me() {
  const headers = { Authorization: `Bearer ${kept.token.token.access_token}` };
  return fetch(`${API}/rest/v1.0/me`, { headers });
}

client("simple-oauth2");
await step("authorize", async () => {
  const there = await callback(flow.authorizeURL({ redirect_uri: REDIRECT_URI, state: "a-state" }), "a-state");
  kept.code = there.searchParams.get("code");
});
await step("exchange", async () => {
  kept.token = await flow.getToken({ code: kept.code, redirect_uri: REDIRECT_URI });
  assert.ok(kept.token.token.refresh_token);
});
absent("companies");
absent("projects");
absent("me");
await step("refresh", async () => {
  const old = kept.token.token.access_token;
  kept.token = await kept.token.refresh();
  assert.notEqual(kept.token.token.access_token, old);
  assert.equal((await me()).status, 200);
});
await step("client credentials", async () => {
  const account = await new ClientCredentials(config).getToken({});
  assert.ok(account.token.access_token);
});
await step("HTTP Basic", async () => {
  const account = await new ClientCredentials({ ...config, options: {} }).getToken({});
  assert.ok(account.token.access_token);
});
await step("revoke", async () => {
  await kept.token.revoke("access_token");
  assert.equal((await me()).status, 401);
});
