import { useMutation } from "@tanstack/react-query";
import { type ClipboardEvent, type DragEvent, useState } from "react";
import { newKey } from "../api/idempotency.ts";
import type { useDraft } from "../compose/useDraft.ts";
import { upload } from "./sending.ts";

/** A file that could not be added, kept so that it can be tried again. */
export interface FailedFile {
  id: string;
  file: File;
  error: unknown;
}

/** Puts files to a draft: chosen, dropped or pasted. One that is refused leaves the others there. */
export function useAttaching(change: ReturnType<typeof useDraft>["change"]) {
  const [underWay, setUnderWay] = useState(0);
  const [failed, setFailed] = useState<FailedFile[]>([]);
  const forget = (id: string) => setFailed((old) => old.filter((each) => each.id !== id));
  const uploading = useMutation({
    mutationFn: async (file: File) => {
      const added = await upload(file);
      change(({ files = [] }) => ({ files: [...files, added] }));
    },
    meta: { isShown: true },
    onMutate: () => setUnderWay((many) => many + 1),
    onSettled: () => setUnderWay((many) => many - 1),
    onError: (error, file) => setFailed((old) => [...old, { id: newKey(), file, error }]),
  });
  const attach = (chosen: File[]) => {
    setFailed((old) => old.filter(({ file }) => !chosen.includes(file)));
    for (const file of chosen) uploading.mutate(file);
  };
  return {
    isAttaching: underWay > 0,
    attach,
    failed,
    forget,
    /** Files that are dragged onto it or pasted into it. */
    drops: {
      onDragOver(event: DragEvent) {
        if (event.dataTransfer.types.includes("Files")) event.preventDefault();
      },
      onDrop(event: DragEvent) {
        const files = [...event.dataTransfer.files];
        if (files.length === 0) return;
        event.preventDefault();
        attach(files);
      },
      onPaste(event: ClipboardEvent) {
        const files = [...event.clipboardData.files];
        // What was copied from a document is words and a picture of them: the words are meant.
        if (files.length === 0 || event.clipboardData.types.includes("text/plain")) return;
        event.preventDefault();
        attach(files);
      },
    },
  };
}
