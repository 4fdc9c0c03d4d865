// A SCIM server of scimmy's routers: users in memory, looked up by a Map, pages cut before they are rendered. What
// bench/scim.py compares with. It is copied beside the node_modules that `npm ci` makes of package-lock.json.
import { readFileSync } from "node:fs";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const users = new Map(JSON.parse(readFileSync(process.argv[2])).map((user) => [user.id, user]));
const order = [...users.keys()];
const byName = new Map([...users.values()].map((user) => [user.userName.toLowerCase(), user.id]));

SCIMMY.Resources.declare(SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false))
  .ingress((resource, data) => {
    const kept = { ...(users.get(resource.id) ?? {}), ...JSON.parse(JSON.stringify(data)), id: resource.id };
    users.set(kept.id, kept);
    return kept;
  })
  .egress((resource) => {
    if (resource.id) {
      if (!users.has(resource.id)) throw new SCIMMY.Types.Error(404, null, "not found");
      return users.get(resource.id);
    }
    const asked = resource.filter?.[0]?.userName;
    if (asked?.[0] === "eq") {
      const found = byName.get(asked[1].toLowerCase());
      return found ? [users.get(found)] : [];
    }
    // Rendering all to show a page takes seconds; a page and the total are handed over instead. The router passes the
    // numbers of an address on as texts, which scimmy then does not take.
    Object.assign(resource.constraints, { count: 100, totalResults: order.length });
    return order.slice(0, 100).map((id) => users.get(id));
  })
  .degress((resource) => users.delete(resource.id));

const app = express();
app.use("/scim/v2", new SCIMMYRouters({
  type: "bearer",
  handler: (request) => {
    if (request.header("Authorization") !== "Bearer bench") throw new Error("no token");
    return "bench";
  },
}));
const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
