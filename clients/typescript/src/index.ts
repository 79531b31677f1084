export { anonymous, type Client, withCookies, withToken } from "./client.ts";
export { ApiError, type Failure, ok } from "./errors.ts";
export {
  type EventName,
  type EventNamed,
  events,
  type StreamOptions,
  type StreamSign,
} from "./events.ts";
export { form } from "./form.ts";
export { everything, type From, type Page } from "./pages.ts";
export type * from "./schema.d.ts";
