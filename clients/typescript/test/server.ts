import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** Answers one connection. */
export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export interface Server {
  url: string;
  /** The headers of each connection so far. */
  seen: IncomingMessage["headers"][];
  /** Resolves when the client has left its first connection. */
  left: Promise<void>;
  close: () => void;
}

/** A server that answers the first connection by the first answer, and so on; the last repeats. */
export async function serving(...answers: Answer[]): Promise<Server> {
  const seen: IncomingMessage["headers"][] = [];
  let leave = () => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const server = createServer((request, response) => {
    const answer = answers[Math.min(seen.length, answers.length - 1)];
    seen.push(request.headers);
    response.on("close", leave);
    answer?.(response, request);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port");
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${address.port}`, seen, left, close };
}

/** Writes lines of a stream and keeps it open. */
export function streaming(text: string): Answer {
  return (response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(text);
  };
}

/** Writes lines of a stream and ends it. */
export function ended(text: string): Answer {
  return (response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.end(text);
  };
}

export function refusing(
  status: number,
  code: string,
  headers: Record<string, string> = {},
): Answer {
  return (response) => {
    response.writeHead(status, { "Content-Type": "application/json", ...headers });
    response.end(JSON.stringify({ error: { code, message: "No.", requestId: "r" } }));
  };
}
