/** What every failure answers under `error`. An operation's own type narrows it by `code`. */
export interface Failure {
  message: string;
  code: string;
  details?: unknown; // openapi-fetch leaves out of its types what is always null
  requestId: string;
}

/** An answer that is no success; `code` is what to branch on, `message` what to show. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: unknown;
  readonly requestId: string;

  constructor(status: number, failure: Failure) {
    super(failure.message);
    this.name = "ApiError";
    this.status = status;
    this.code = failure.code;
    this.details = failure.details;
    this.requestId = failure.requestId;
  }
}

type Answer<Data> =
  | { data: Data; error?: never; response: Response }
  | { data?: never; error: { error: Failure }; response: Response };

/** The data of an answer. Throws {@link ApiError} for any other. */
export async function ok<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  const answer = await call;
  if (answer.error !== undefined) throw new ApiError(answer.response.status, answer.error.error);
  return answer.data;
}
