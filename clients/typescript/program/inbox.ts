import { type Client, type Conversation, form, ok } from "../src/index.ts";
import type { Live } from "./live.ts";
import { eventually, known } from "./waiting.ts";
import { text, type World } from "./world.ts";

/** A person texts, and the stream tells of their conversation. */
export async function hear(
  api: Client,
  live: Live,
  world: World,
  from: string,
  number: string,
): Promise<Conversation> {
  await text(world, from, number, "Where do we park?");
  const { data } = await live.next(
    "conversation.updated",
    (event) => event.data.reason === "received",
  );
  const unread = await ok(
    api.GET("/api/conversations", { params: { query: { status: "open", unread: "mine" } } }),
  );
  if (unread.data.every((each) => each.phone !== from)) throw new Error(`${from} is not listed`);
  const path = { conversationId: data.conversationId };
  return ok(api.GET("/api/conversations/{conversationId}", { params: { path } }));
}

/** Assigned, labelled, noted and answered, as staff do. */
export async function work(api: Client, thread: Conversation, adminId: string): Promise<string[]> {
  const params = { path: { conversationId: thread.id } };
  const label = await ok(
    api.POST("/api/labels", { body: { name: "Parking", colour: "#2a7f62" } }),
  );
  await ok(
    api.PATCH("/api/conversations/{conversationId}/assign", { params, body: { adminId } }),
  );
  await ok(
    api.PUT("/api/conversations/{conversationId}/labels", {
      params,
      body: { labelIds: [label.id] },
    }),
  );
  await ok(
    api.POST("/api/conversations/{conversationId}/notes", {
      params,
      body: { content: "New here.", mentions: [adminId] },
    }),
  );
  await ok(api.PATCH("/api/conversations/{conversationId}/read", { params }));
  await ok(
    api.POST("/api/conversations/{conversationId}/reply", {
      params,
      body: { content: "Behind the hall." },
    }),
  );
  const shown = await ok(api.GET("/api/conversations/{conversationId}", { params }));
  const who = known(shown.assignee, "assignee");
  return [who.firstName ?? "", ...shown.labels.map((each) => each.name), ...directions(shown)];
}

function directions(thread: Conversation): string[] {
  return thread.messages.map((line) => line.direction).sort();
}

/** A picture is uploaded and sent by its id. */
export async function sendPicture(api: Client, conversationId: string): Promise<number> {
  const bytes = Buffer.from(PIXEL, "base64");
  const file = new File([bytes], "map.png", { type: "image/png" });
  const uploaded = await ok(
    api.POST("/api/media", { body: { files: [file] }, bodySerializer: form }),
  );
  const reply = await ok(
    api.POST("/api/conversations/{conversationId}/reply-with-media", {
      params: { path: { conversationId } },
      body: { content: "Here is a map.", mediaIds: [uploaded.id] },
    }),
  );
  return reply.mediaUrls.length;
}

export async function find(api: Client): Promise<string> {
  const query = { q: "park" };
  return eventually("a match", async () => {
    const { data } = await ok(api.GET("/api/conversations/search", { params: { query } }));
    return data.find((each) => each.match.kind === "message")?.match.content;
  });
}

// A PNG of one pixel.
const PIXEL = [
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E",
  "rkJggg==",
].join("");
