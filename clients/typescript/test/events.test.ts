import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, events, type StreamEvent, type StreamOptions } from "../src/index.ts";
import { type Answer, ended, refusing, type Server, serving, streaming } from "./server.ts";

const SOON = "retry: 1\n\n";
const BYE = 'event: bye\ndata: {"reason":"session_ended"}\n\n';
const EXPIRED = 'event: bye\ndata: {"reason":"token_expired"}\n\n';

function hello(id: number): string {
  return `id: ${id}\nevent: hello\ndata: {"id":"${id}","resumed":false}\n\n`;
}

/** Every event until the stream ends by itself, and what the server saw. */
async function heard(
  answers: Answer[],
  options: StreamOptions = {},
): Promise<{ names: string[]; last: StreamEvent | undefined; server: Server }> {
  const server = await serving(...answers);
  const all: StreamEvent[] = [];
  try {
    for await (const event of events(server.url, options)) all.push(event);
  } finally {
    server.close();
  }
  return { names: all.map((each) => each.event), last: all.at(-1), server };
}

test("events are narrowed by their names, and the session's end is the stream's", async () => {
  const { names, last } = await heard([streaming(hello(7) + BYE)]);
  assert.deepEqual(names, ["hello", "bye"]);
  assert.equal(last?.event === "bye" ? last.data.reason : undefined, "session_ended");
});

test("a stream that was cut goes on after the last id, also that of a heartbeat", async () => {
  const { server } = await heard([
    ended(SOON + hello(7)),
    ended(": beat\nid: 9\n\n"),
    streaming(BYE),
  ], { lastEventId: "3" });
  assert.deepEqual(server.seen.map((each) => each["last-event-id"]), ["3", "7", "9"]);
});

test("each connection carries the token of its moment", async () => {
  let asked = 0;
  const token = () => `t${(asked += 1)}`;
  const { server } = await heard([ended(SOON), streaming(BYE)], { token });
  assert.deepEqual(server.seen.map((each) => each.authorization), ["Bearer t1", "Bearer t2"]);
});

test("a name of a later version is no news", async () => {
  const { names } = await heard([streaming("event: choir.sang\ndata: {}\n\n" + BYE)]);
  assert.deepEqual(names, ["bye"]);
});

test("a connection that is silent for too long is opened anew", async () => {
  const { names, server } = await heard([streaming(SOON + hello(7)), streaming(BYE)], {
    silenceMs: 300,
  });
  assert.deepEqual(names, ["hello", "bye"]);
  assert.equal(server.seen[1]?.["last-event-id"], "7");
});

test("who is asked to wait waits as long as they are told", async () => {
  const wait = refusing(429, "RATE_LIMITED", { "Retry-After": "0.01" });
  const busy = refusing(503, "STREAMS_FULL", { "Retry-After": "0" });
  const { names } = await heard([wait, busy, streaming(BYE)]);
  assert.deepEqual(names, ["bye"]);
});

test("an expired token is renewed, and the stream opened again", async () => {
  let renewed = 0;
  const renew = async () => (renewed += 1);
  const answers = [7, 8].map((id) => streaming(hello(id) + EXPIRED));
  const { names } = await heard([...answers, streaming(BYE)], { renew });
  assert.deepEqual(names, ["hello", "bye", "hello", "bye", "bye"]);
  assert.equal(renewed, 2);
});

test("a renewal that finds no server is tried again, and the stream goes on", async () => {
  let tries = 0;
  const renew = async () => (tries++ === 0 ? fetch("http://127.0.0.1:9") : undefined);
  const expired = streaming(`retry: 10\n\n${EXPIRED}`);
  const { names } = await heard([expired, expired, streaming(BYE)], { renew });
  assert.deepEqual(names, ["bye", "bye", "bye"]);
  assert.equal(tries, 2);
});

test("a token that is refused after it was renewed is an error", async () => {
  let renewed = 0;
  const renew = async () => (renewed += 1);
  const refused = heard([refusing(401, "TOKEN_EXPIRED")], { renew });
  await assert.rejects(refused, (error) => error instanceof ApiError && error.status === 401);
  assert.equal(renewed, 1);
});

test("what asking again cannot mend is thrown at once", async () => {
  const ended = heard([refusing(401, "SESSION_ENDED")], { renew: async () => undefined });
  await assert.rejects(ended, { code: "SESSION_ENDED", requestId: "r" });
  const page: Answer = (response) => response.writeHead(404).end("<html>");
  await assert.rejects(heard([page]), { status: 404, code: "UNREADABLE_ANSWER" });
});

test("a signal ends the stream, whether it waits for events or for its turn", async () => {
  for (const answer of [streaming(hello(7)), refusing(503, "X", { "Retry-After": "60" })]) {
    const signal = AbortSignal.timeout(50);
    const { names } = await heard([answer], { signal });
    assert.ok(names.length <= 1);
  }
});

test("who leaves the loop leaves the connection", async () => {
  const server = await serving(streaming(hello(7)));
  for await (const event of events(server.url)) if (event.event === "hello") break;
  await server.left;
  assert.equal(server.seen.length, 1);
  server.close();
});

test("whoever watches sees the stream open, move on by a heartbeat, and be lost", async () => {
  const signs: string[] = [];
  const watch: NonNullable<StreamOptions["watch"]> = ({ isOpen, lastEventId }) =>
    signs.push(`${isOpen ? "open" : "lost"} ${lastEventId}`);
  await heard([ended(`${SOON}${hello(7)}: beat\nid: 9\n\n`), streaming(BYE)], { watch });
  assert.deepEqual(signs, ["open ", "open 7", "open 9", "lost 9", "open 9", "lost 9"]);
});
