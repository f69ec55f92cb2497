// openid-client: a Configuration without discovery, as its documentation says for plain OAuth servers.
import * as openid from "openid-client";
import {
  API, COMPANY, COMPANY_HEADER, ID, LOGIN, REDIRECT_URI, SECRET, assert, callback, client, companyAmong, distinct,
  kept, next, step,
} from "./steps.mjs";

const server = {
  issuer: LOGIN,
  authorization_endpoint: `${LOGIN}/oauth/authorize`,
  token_endpoint: `${LOGIN}/oauth/token`,
  revocation_endpoint: `${LOGIN}/oauth/revoke`,
};
const config = new openid.Configuration(server, ID, SECRET);
const basic = new openid.Configuration(server, ID, SECRET, openid.ClientSecretBasic(SECRET));

function ask(path) {
  const headers = new Headers(COMPANY_HEADER);
  return openid.fetchProtectedResource(config, kept.token.access_token, new URL(path, API), "GET", null, headers);
}

async function pages(path) {
  const items = [];
  for (let url = path; url;) {
    const answer = await ask(url);
    items.push(...await answer.json());
    url = next(answer.headers);
  }
  return items;
}

async function me() {
  assert.ok((await (await ask("/rest/v1.0/me")).json()).login);
}

async function serviceAccount(configuration) {
  assert.ok((await openid.clientCredentialsGrant(configuration)).access_token);
}

client("openid-client");
await step("authorize", async () => {
  const state = openid.randomState();
  const url = openid.buildAuthorizationUrl(config, { redirect_uri: REDIRECT_URI, state });
  kept.callback = { there: await callback(url, state), state };
});
await step("exchange", async () => {
  const { there, state } = kept.callback;
  kept.token = await openid.authorizationCodeGrant(config, there, { expectedState: state });
  assert.ok(kept.token.refresh_token);
});
await step("companies", async () => companyAmong(await pages("/rest/v1.0/companies")));
await step("projects", async () => distinct(await pages(`/rest/v1.1/projects?company_id=${COMPANY}&per_page=100`)));
await step("me", me);
await step("refresh", async () => {
  const old = kept.token.access_token;
  kept.token = await openid.refreshTokenGrant(config, kept.token.refresh_token);
  assert.notEqual(kept.token.access_token, old);
  await me();
});
await step("client credentials", () => serviceAccount(config));
await step("HTTP Basic", () => serviceAccount(basic));
await step("revoke", async () => {
  await openid.tokenRevocation(config, kept.token.access_token);
  await assert.rejects(ask("/rest/v1.0/me"), ({ status }) => status === 401);
});
