/** What is being written, and the key by which sending it counts once. */
export interface Draft {
  text: string;
  key: string;
  /** Files that were uploaded for it. */
  files?: { id: string; name: string; url: string; contentType: string }[];
}

/** Whose draft it is. Every part is in the name, so that words can never reach another person. */
export interface DraftPlace {
  churchId: string;
  adminId: string;
  kind: "reply" | "note" | "broadcast";
  /** The conversation, or the draft of a broadcast. */
  id: string;
}

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const PREFIX = "koinonia.draft";

export function draftName({ churchId, adminId, kind, id }: DraftPlace): string {
  return [PREFIX, churchId, adminId, kind, id].map(encodeURIComponent).join(":");
}

/** The kept draft; undefined where there is none or it cannot be read. */
export function keptDraft(place: DraftPlace, store: Store = localStorage): Draft | undefined {
  const kept = store.getItem(draftName(place));
  if (kept === null) return undefined;
  try {
    const draft: unknown = JSON.parse(kept);
    return isDraft(draft) ? draft : undefined;
  } catch {
    return undefined;
  }
}

/** An empty draft is none. A full store keeps the page working: the words are still in the field. */
export function keepDraft(place: DraftPlace, draft: Draft, store: Store = localStorage): void {
  if (draft.text === "" && (draft.files ?? []).length === 0) {
    dropDraft(place, store);
    return;
  }
  try {
    store.setItem(draftName(place), JSON.stringify(draft));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}

export function dropDraft(place: DraftPlace, store: Store = localStorage): void {
  store.removeItem(draftName(place));
}

function isDraft(value: unknown): value is Draft {
  return (
    typeof value === "object" &&
    value !== null &&
    "text" in value &&
    typeof value.text === "string" &&
    "key" in value &&
    typeof value.key === "string"
  );
}
