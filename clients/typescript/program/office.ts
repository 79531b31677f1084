import { type Client, ok, type PhoneNumber } from "../src/index.ts";
import { eventually, known } from "./waiting.ts";
import { MARK } from "./world.ts";

/** Orders a number once the church is known everywhere, and waits until it can send. */
export async function orderNumber(api: Client): Promise<PhoneNumber> {
  const ordered = await eventually("an order", async () => {
    const { data, error } = await api.POST("/api/phone-numbers", { body: { areaCode: "808" } });
    if (data !== undefined) return data;
    switch (error.error.code) {
      case "SUBSCRIPTION_PENDING":
      case "ADDRESS_NOT_VERIFIED":
        return undefined; // a moment after registering
      case "NUMBER_LIMIT_REACHED":
        throw new Error(`The plan allows ${error.error.details.allowed} numbers`);
      default:
        throw new Error(error.error.message);
    }
  });
  return eventually("an active number", async () => {
    const { data } = await ok(api.GET("/api/phone-numbers"));
    return data.find((each) => each.id === ordered.id && each.status === "active");
  });
}

export async function setUp(api: Client, numberId: string, groupId: string): Promise<number> {
  const named = await ok(
    api.PATCH("/api/phone-numbers/{numberId}", {
      params: { path: { numberId } },
      body: { label: "Main line" },
    }),
  );
  const word = `PICNIC${MARK}`;
  const keyword = await ok(api.POST("/api/keywords", { body: { word, groupId, answer: "Yes!" } }));
  await ok(
    api.PATCH("/api/keywords/{keywordId}", {
      params: { path: { keywordId: keyword.id } },
      body: { answer: "You're on the list!" },
    }),
  );
  await ok(
    api.PUT("/api/office-hours", {
      body: { enabled: false, hours: [{ day: 1, from: "09:00", to: "17:00" }] },
    }),
  );
  const keywords = await ok(api.GET("/api/keywords"));
  return keywords.data.length + (known(named.label, "label") === "Main line" ? 1 : 0);
}

export async function figures(api: Client): Promise<{ used: number; texts: number; days: number }> {
  return eventually("a bill", async () => {
    const usage = await ok(api.GET("/api/billing/usage"));
    const stats = await ok(api.GET("/api/analytics/stats"));
    const delivered = stats.recipientsByStatus.delivered;
    if (usage.used === 0 || delivered === 0) return undefined;
    return { used: usage.used, texts: delivered, days: stats.daily.length };
  });
}
