import assert from "node:assert/strict";
import { test } from "node:test";
import { type Block, blocks } from "../src/blocks.ts";

const STREAM = [
  "retry: 2000\n\n",
  "id: 7\nevent: hello\ndata: {\"id\":\"7\"}\n\n",
  ": beat\nid: 8\n\n",
  "event: state\r\ndata: one\r\ndata:two: ü\r\n\r\n",
  "event: bye\rdata\r\r",
  "event: cut off\ndata: x\n",
].join("");

const READ: Block[] = [
  { event: "message", retryMs: 2000 },
  { event: "hello", id: "7", data: '{"id":"7"}' },
  { event: "message", id: "8" },
  { event: "state", data: "one\ntwo: ü" },
  { event: "bye", data: "" },
];

async function read(bytes: Uint8Array, ...cuts: number[]): Promise<Block[]> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const ends = [...cuts, bytes.length];
    for (const [index, end] of ends.entries()) yield bytes.slice(ends[index - 1] ?? 0, end);
  }
  const found: Block[] = [];
  for await (const block of blocks(chunks())) found.push(block);
  return found;
}

test("blocks are the same wherever their bytes are cut", async () => {
  const bytes = new TextEncoder().encode(STREAM);
  for (let first = 0; first < bytes.length; first += 1) {
    assert.deepEqual(await read(bytes, first, Math.min(first + 1, bytes.length)), READ);
  }
});

test("what is no number of milliseconds and an id with a zero change nothing", async () => {
  const bytes = new TextEncoder().encode("retry: soon\nid: a\0b\nodd: x\ndata: 1\n\n");
  assert.deepEqual(await read(bytes), [{ event: "message", data: "1" }]);
});
