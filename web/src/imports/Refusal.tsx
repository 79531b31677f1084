import { ApiError } from "@koinonia/client";
import type { ReactNode } from "react";
import { sentence } from "../api/errors.ts";
import { Notice } from "../ui/States.tsx";
import { useWords, type Words } from "../words/words.tsx";

/** What the server refused, in the words of these pages: by its code, not in its sentence. */
export function Refusal({ error }: { error: unknown }) {
  const words = useWords();
  if (error === null || error === undefined) return null;
  return <Refused>{refusalOf(error, words)}</Refused>;
}

/** A refusal that is told at once, also to who does not see it. */
export function Refused({ children }: { children: ReactNode }) {
  return (
    <div role="alert">
      <Notice tone="danger">{children}</Notice>
    </div>
  );
}

function refusalOf(error: unknown, words: Words): string {
  if (!(error instanceof ApiError)) return sentence(error, words);
  return (
    said(faultsOf(error.details), words.imports.faults) ??
    said([error.code], words.imports.refused) ??
    sentence(error, words)
  );
}

/** Why a job ended or was not begun, by its code, else as the server says it. */
export function reasonOf(job: { code: string | null; reason: string | null }, words: Words) {
  if (job.code === null) return job.reason;
  return said([job.code], words.imports.refused) ?? job.reason;
}

function said(codes: string[], sentences: Record<string, string>): string | undefined {
  return codes.map((code) => sentences[code]).find((each) => each !== undefined);
}

function faultsOf(details: unknown): string[] {
  if (!Array.isArray(details)) return [];
  return details.flatMap((each: unknown) =>
    typeof each === "object" && each !== null && "code" in each ? [String(each.code)] : [],
  );
}
