/** What stands between two empty lines of a stream of server-sent events. */
export interface Block {
  event: string;
  data?: string;
  id?: string;
  retryMs?: number;
}

const LINE = /\r\n|\n|\r/g;
const DIGITS = /^\d+$/;

/**
 * The blocks of a stream, however its bytes are cut into chunks. A block without data is no event,
 * but its id counts. What the end cuts off is dropped, as the standard has it:
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export async function* blocks(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Block, void, void> {
  let block: Block | undefined;
  for await (const line of lines(chunks)) {
    if (line !== "") block = withField(block ?? { event: "message" }, line);
    else if (block !== undefined) {
      yield block;
      block = undefined;
    }
  }
}

async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    let begin = 0;
    for (const end of rest.matchAll(LINE)) {
      const after = end.index + end[0].length;
      if (end[0] === "\r" && after === rest.length) break; // its \n may be still to come
      yield rest.slice(begin, end.index);
      begin = after;
    }
    rest = rest.slice(begin);
  }
  if (rest.endsWith("\r")) yield rest.slice(0, -1);
}

function withField(block: Block, line: string): Block {
  const [name = "", value = ""] = line.split(/:(?: )?(.*)/s, 2);
  switch (name) {
    case "event":
      return { ...block, event: value };
    case "data":
      return { ...block, data: block.data === undefined ? value : `${block.data}\n${value}` };
    case "id":
      return value.includes("\0") ? block : { ...block, id: value };
    case "retry":
      return DIGITS.test(value) ? { ...block, retryMs: Number(value) } : block;
    default:
      return block; // a comment, or what a later version adds
  }
}
