import { argv } from "node:process";
import * as arrival from "./arrival.ts";
import * as failures from "./failures.ts";
import * as inbox from "./inbox.ts";
import * as stream from "./live.ts";
import * as messages from "./messages.ts";
import { nine } from "./minimal.ts";
import * as office from "./office.ts";
import * as people from "./people.ts";
import type { World } from "./world.ts";

/** The whole life of a church, through the generated client; what came out is printed as JSON. */
async function live(world: World): Promise<Record<string, unknown>> {
  const account = await arrival.inBrowser(world);
  const { api, token } = await arrival.asProgram(world);
  const number = await office.orderNumber(api);
  const { group, members } = await people.gather(api, world);
  const [ann] = members;
  const live = await stream.open(world, token);
  const [preview, message] = await messages.send(api, live, group);
  const thread = await inbox.hear(api, live, world, ann.phone, number.phoneNumber);
  live.close();
  return {
    admin: account.admin.firstName,
    people: await people.look(api, group),
    consent: await people.consent(api, ann),
    imported: await people.bring(api, world),
    previewed: { phones: preview.phones, parts: preview.parts },
    sent: message.counts.delivered,
    texts: await messages.recipients(api, message.id),
    later: await messages.later(api),
    dates: await messages.everySunday(api),
    settings: await office.setUp(api, number.id, group.id),
    inbox: await inbox.work(api, thread, account.admin.id),
    picture: await inbox.sendPicture(api, thread.id),
    found: await inbox.find(api),
    refused: await failures.narrowed(api, ann.phone),
    minimal: (await nine(world.gateway, api, thread.id)).length,
    figures: await office.figures(api),
  };
}

const [gateway = "", carrier = "", first = "", second = "", third = ""] = argv.slice(2);
console.log(JSON.stringify(await live({ gateway, carrier, phones: [first, second, third] })));
