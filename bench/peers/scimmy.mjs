// A SCIM server of scimmy's routers with 10,000 users in memory, looked up by a Map: what bench/scim.py compares with.
// Run with NODE_PATH-like resolution: it is copied beside a node_modules folder that has scimmy, scimmy-routers, express.
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const people = Number(process.argv[2]);
const users = new Map();
for (let number = 0; number < people; number += 1) {
  const id = `user-${number}`;
  users.set(id, {
    id,
    userName: `user${number}@example.com`,
    name: { givenName: "User", familyName: `Number ${number}` },
    displayName: `User Number ${number}`,
    active: true,
    emails: [{ value: `user${number}@example.com`, type: "work", primary: true }],
  });
}
const byName = new Map([...users.values()].map((user) => [user.userName, user]));

SCIMMY.Resources.declare(SCIMMY.Resources.User)
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
      const found = byName.get(asked[1]);
      return found ? [found] : [];
    }
    return [...users.values()];
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
