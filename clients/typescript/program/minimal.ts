import { anonymous, type Client, ok } from "../src/index.ts";

/** The nine calls of daily life, each with no more than it must say. */
export async function nine(
  gateway: string,
  api: Client,
  conversationId: string,
): Promise<readonly unknown[]> {
  const one = { email: "nobody@example.org", password: "not the right one" };
  return [
    (await anonymous(gateway).POST("/api/auth/login", { body: one })).response.status,
    await ok(api.GET("/api/members")),
    await ok(api.POST("/api/members", { body: { firstName: "Eve", phone: "+12125550199" } })),
    await ok(api.POST("/api/branches", { body: { name: "North" } })),
    await ok(api.POST("/api/messages/preview", { body: { content: "Hi!", targetType: "all" } })),
    await ok(api.POST("/api/messages/send", { body: { content: "Hi!", targetType: "all" } })),
    await ok(api.GET("/api/messages")),
    await ok(api.GET("/api/conversations")),
    await ok(
      api.POST("/api/conversations/{conversationId}/reply", {
        params: { path: { conversationId } },
        body: { content: "Thank you!" },
      }),
    ),
  ];
}
