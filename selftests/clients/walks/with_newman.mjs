// newman, with the collection beside this file: each folder of it is a step.
import newman from "newman";
import { fileURLToPath } from "node:url";
import { API, COMPANY, ID, LOGIN, REDIRECT_URI, SECRET, assert, client, step } from "./steps.mjs";

const values = {
  login_url: LOGIN, api_url: API, client_id: ID, client_secret: SECRET, company_id: COMPANY, redirect_uri: REDIRECT_URI,
};
const { run, environment, collection } = await new Promise((resolve, reject) => {
  newman.run({
    collection: fileURLToPath(new URL("procore.postman_collection.json", import.meta.url)),
    envVar: Object.entries(values).map(([key, value]) => ({ key, value })),
    timeoutRequest: 20_000,
  }, (problem, summary) => (problem ? reject(problem) : resolve(summary)));
});

// How many items the pages of a list held in all, where the folder read a list.
function seen(name) {
  const ids = environment.values.get(name);
  return ids ? JSON.parse(ids).length : null;
}

client("newman");
for (const folder of collection.items.all()) {
  await step(folder.name, () => {
    const done = run.executions.filter(({ item }) => item.parent().id === folder.id);
    assert.ok(done.length >= folder.items.count(), "not all of its requests were sent");
    for (const { requestError, assertions = [] } of done) {
      if (requestError) throw requestError;
      for (const { error } of assertions) if (error) throw error;
    }
    return seen(folder.name);
  });
}
