import { type Client, everything, form, type Group, type Member, ok } from "../src/index.ts";
import type { World } from "./world.ts";

export interface Congregation {
  group: Group;
  members: [Member, Member];
}

export async function gather(api: Client, world: World): Promise<Congregation> {
  const [first, second] = world.phones;
  const branch = await ok(api.POST("/api/branches", { body: { name: "Main" } }));
  const group = await ok(
    api.POST("/api/groups", { body: { name: "Youth", branchId: branch.id } }),
  );
  await ok(api.POST("/api/fields", { body: { key: "baptised", label: "Baptised on" } }));
  const ann = await ok(
    api.POST("/api/members", {
      body: { firstName: "Ann", phone: first, groupIds: [group.id], fields: { baptised: "2024" } },
    }),
  );
  const ben = await ok(api.POST("/api/members", { body: { firstName: "Ben", phone: second } }));
  const added = await ok(
    api.POST("/api/groups/{groupId}/members", {
      params: { path: { groupId: group.id } },
      body: { memberIds: [ben.id] },
    }),
  );
  if (added.added !== 1) throw new Error("Ben was in the group already");
  return { group, members: [ann, await renamed(api, ben)] };
}

async function renamed(api: Client, member: Member): Promise<Member> {
  const path = { memberId: member.id };
  const body = { lastName: "Weaver", email: null };
  return ok(api.PATCH("/api/members/{memberId}", { params: { path }, body }));
}

/** Lists go page by page, and filters are typed. */
export async function look(api: Client, group: Group): Promise<string[]> {
  const names: string[] = [];
  const pages = everything((from) =>
    ok(
      api.GET("/api/members", {
        params: { query: { ...from, limit: 1, groupsAllOf: [group.id], consent: ["granted"] } },
      }),
    ),
  );
  for await (const member of pages) names.push(member.firstName);
  const counted = await ok(
    api.GET("/api/members", { params: { query: { search: "weaver", total: true } } }),
  );
  return [...names.sort(), `${counted.total ?? 0} found`];
}

/** What was agreed, in words; and the whole ledger of a phone. */
export async function consent(api: Client, member: Member): Promise<string> {
  await ok(
    api.POST("/api/consents", {
      body: { memberId: member.id, kind: "granted", words: "Signed the form." },
    }),
  );
  const query = { memberId: member.id };
  const { state, history } = await ok(api.GET("/api/consents", { params: { query } }));
  return `${state}: ${history.at(-1)?.words ?? "nothing"}`;
}

/** A file goes as a form; its rows say what became of them. */
export async function bring(api: Client, world: World): Promise<string[]> {
  const lines = `firstName,phone\nCleo,${world.phones[2]}\nDan,nonsense`;
  const file = new File([lines], "members.csv", { type: "text/csv" });
  const made = await ok(
    api.POST("/api/members/import", { body: { files: [file] }, bodySerializer: form }),
  );
  return made.rows.map((row) => row.outcome);
}
