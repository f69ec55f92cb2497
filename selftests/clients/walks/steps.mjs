// What every walk in JavaScript begins with: where Procore is, who asks, and one JSON line for each step.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const given = process.env;
export const LOGIN = given.PROCORE_LOGIN_URL ?? "https://login-sandbox.procore.com";
export const API = given.PROCORE_API_URL ?? "https://sandbox.procore.com";
export const ID = given.PROCORE_CLIENT_ID;
export const SECRET = given.PROCORE_CLIENT_SECRET;
export const COMPANY = given.PROCORE_COMPANY_ID;
export const REDIRECT_URI = given.PROCORE_REDIRECT_URI;
export const COMPANY_HEADER = { "Procore-Company-Id": COMPANY };

class NotReached extends Error {}

// What one step leaves for the next; what is missing names the step that did not work.
export const kept = new Proxy({}, {
  get(target, name) {
    if (!(name in target)) throw new NotReached(`not reached: no ${String(name)}`);
    return target[name];
  },
});

function say(line) {
  console.log(JSON.stringify(line));
}

export function client(name) {
  const place = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  say({ client: name, version: JSON.parse(readFileSync(place, "utf8")).version });
}

// Takes a step and says how it went; a number that it returns is how many items it saw.
export async function step(name, take) {
  try {
    say({ step: name, ok: true, why: "", count: await take() });
  } catch (problem) {
    say({ step: name, ok: false, why: problem instanceof NotReached ? problem.message : told(problem) });
  }
}

export function absent(name) {
  say({ step: name, ok: null, why: "" });
}

// What a problem says of itself and of its causes, and the first line alone of each.
function told(problem) {
  const said = [];
  for (let one = problem; one; one = one.cause instanceof Error ? one.cause : null) {
    said.push(`${one.name ?? "Error"}: ${one.code ? `${one.code}: ` : ""}${String(one.message ?? one).split("\n")[0]}`);
  }
  return said.join("; ");
}

// Where the browser of a user who is logged in would be sent, who has clicked Allow: to the redirect URI, with the code.
export async function callback(url, state) {
  const answer = await fetch(url, { redirect: "manual" });
  assert.equal(answer.status, 302);
  const there = new URL(answer.headers.get("location"));
  assert.ok(there.href.startsWith(REDIRECT_URI), "the code went elsewhere");
  assert.equal(there.searchParams.get("state"), state);
  assert.ok(there.searchParams.get("code"));
  return there;
}

export function companyAmong(companies) {
  assert.ok(companies.some((one) => String(one.id) === COMPANY), "our company is not listed");
  return companies.length;
}

export function distinct(items) {
  assert.equal(new Set(items.map((one) => one.id)).size, items.length, "an item came twice");
  return items.length;
}

// The URL of the next page, by the Link header; empty on the last one.
export function next(headers) {
  return /<([^>]*)>;\s*rel="next"/.exec(headers.get("link") ?? "")?.[1] ?? "";
}

export { assert };
