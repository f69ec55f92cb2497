// oauth4webapi: an authorization server that has no discovery, and its protectedResourceRequest for Procore's calls.
import * as oauth from "oauth4webapi";
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
const app = { client_id: ID };
const post = oauth.ClientSecretPost(SECRET);

function ask(path) {
  const headers = new Headers(COMPANY_HEADER);
  return oauth.protectedResourceRequest(kept.token.access_token, "GET", new URL(path, API), headers);
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

async function serviceAccount(authentication) {
  const answer = await oauth.clientCredentialsGrantRequest(server, app, authentication, {});
  assert.ok((await oauth.processClientCredentialsResponse(server, app, answer)).access_token);
}

client("oauth4webapi");
await step("authorize", async () => {
  const url = new URL(server.authorization_endpoint);
  const state = oauth.generateRandomState();
  url.search = new URLSearchParams({ response_type: "code", client_id: ID, redirect_uri: REDIRECT_URI, state });
  kept.callback = oauth.validateAuthResponse(server, app, await callback(url, state), state);
});
await step("exchange", async () => {
  const answer = await oauth.authorizationCodeGrantRequest(
    server, app, post, kept.callback, REDIRECT_URI, oauth.nopkce);
  kept.token = await oauth.processAuthorizationCodeResponse(server, app, answer);
  assert.ok(kept.token.refresh_token);
});
await step("companies", async () => companyAmong(await pages("/rest/v1.0/companies")));
await step("projects", async () => distinct(await pages(`/rest/v1.1/projects?company_id=${COMPANY}&per_page=100`)));
await step("me", me);
await step("refresh", async () => {
  const old = kept.token.access_token;
  const answer = await oauth.refreshTokenGrantRequest(server, app, post, kept.token.refresh_token);
  kept.token = await oauth.processRefreshTokenResponse(server, app, answer);
  assert.notEqual(kept.token.access_token, old);
  await me();
});
await step("client credentials", () => serviceAccount(post));
await step("HTTP Basic", () => serviceAccount(oauth.ClientSecretBasic(SECRET)));
await step("revoke", async () => {
  await oauth.processRevocationResponse(await oauth.revocationRequest(server, app, post, kept.token.access_token));
  await assert.rejects(ask("/rest/v1.0/me"), ({ status }) => status === 401);
});
