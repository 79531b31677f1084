import { useMutation } from "@tanstack/react-query";
import { type ClipboardEvent, type DragEvent, useState } from "react";
import type { useDraft } from "../compose/useDraft.ts";
import { upload } from "./sending.ts";

/** Puts files to a draft: chosen, dropped or pasted. One that is refused leaves the others there. */
export function useAttaching(change: ReturnType<typeof useDraft>["change"]) {
  const [underWay, setUnderWay] = useState(0);
  const uploading = useMutation({
    mutationFn: async (chosen: File[]) => {
      const results = await Promise.allSettled(
        chosen.map(async (file) => {
          const added = await upload(file);
          change(({ files = [] }) => ({ files: [...files, added] }));
        }),
      );
      const failed = results.find((result) => result.status === "rejected");
      if (failed) throw failed.reason;
    },
    onMutate: () => setUnderWay((many) => many + 1),
    onSettled: () => setUnderWay((many) => many - 1),
  });
  const attach = (chosen: File[]) => uploading.mutate(chosen);
  return {
    isAttaching: underWay > 0,
    attach,
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
