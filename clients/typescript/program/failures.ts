import { ApiError, type Client, ok } from "../src/index.ts";

/** An error is narrowed by its code, and its details with it. */
export async function narrowed(api: Client, phone: string): Promise<string[]> {
  const { error } = await api.POST("/api/members", { body: { firstName: "Ann", phone } });
  if (error === undefined) throw new Error("One phone and name were taken twice");
  const said = () => {
    switch (error.error.code) {
      case "MEMBER_EXISTS":
        return "there already";
      case "UNKNOWN_FIELD":
        return error.error.details.map((each) => each.nearest ?? each.field).join(", ");
      case "RATE_LIMITED":
        return `again in ${error.error.details.retryAfter} s`;
      default:
        return error.error.message;
    }
  };
  return [said(), await thrown(api)];
}

/** Whoever does not narrow catches one kind of error. */
async function thrown(api: Client): Promise<string> {
  const path = { memberId: "00000000-0000-7000-8000-000000000000" };
  try {
    await ok(api.GET("/api/members/{memberId}", { params: { path } }));
    return "nothing";
  } catch (error) {
    if (error instanceof ApiError && error.requestId !== "") return `${error.status} ${error.code}`;
    throw error;
  }
}
