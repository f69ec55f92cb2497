// @procore/js-sdk, as its README and Procore's sample app use it; its one host name is an option of each call.
import sdk from "@procore/js-sdk";
import {
  API, COMPANY, ID, REDIRECT_URI, SECRET, absent, assert, callback, client, companyAmong, distinct, kept, step,
} from "./steps.mjs";

const options = { apiHostname: API, defaultCompanyId: COMPANY };
const made = () => sdk.client(sdk.oauth(kept.token.access_token), {}, options);

async function pages(endpoint) {
  const items = [];
  for (let page = 1, more = true; more; page += 1) {
    const { body, response } = await made().get({ ...endpoint, qs: { ...endpoint.qs, page, per_page: 100 } });
    items.push(...body);
    more = items.length < Number(response.headers.get("total")) && body.length > 0;
  }
  return items;
}

async function me() {
  const { body } = await made().get({ base: "/me" });
  assert.ok(body.login);
}

client("@procore/js-sdk");
await step("authorize", async () => {
  const there = await callback(sdk.authorize({ clientId: ID, uri: REDIRECT_URI }, options), null);
  kept.code = there.searchParams.get("code");
});
await step("exchange", async () => {
  const token = await sdk.token({ id: ID, secret: SECRET, code: kept.code, uri: REDIRECT_URI }, options);
  assert.ok(token.access_token && token.refresh_token, JSON.stringify(token));
  kept.token = token;
});
await step("companies", async () => companyAmong(await pages({ base: "/companies" })));
await step("projects", async () =>
  distinct(await pages({ base: "/projects", version: "v1.1", qs: { company_id: COMPANY } })));
await step("me", me);
await step("refresh", async () => {
  const { access_token: token, refresh_token: refresh } = kept.token;
  const fresh = await sdk.refresh({ id: ID, secret: SECRET, uri: REDIRECT_URI, token, refresh }, options);
  assert.ok(fresh.access_token && fresh.access_token !== token, JSON.stringify(fresh));
  kept.token = fresh;
  await me();
});
absent("client credentials");
absent("HTTP Basic");
await step("revoke", async () => {
  await sdk.revoke({ token: kept.token.access_token, clientId: ID, clientSecret: SECRET }, options);
  // Not what its README says a refusal looks like: of an empty body the SDK makes a SyntaxError.
  await assert.rejects(made().get({ base: "/me" }));
  assert.ok((await sdk.info(kept.token.access_token, options)).error, "the token still works");
});
