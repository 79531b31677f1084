import { form, type ImportSummary, ok } from "@koinonia/client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { DropZone } from "react-aria-components";
import { useChurchFormat } from "../api/churchFormat.ts";
import { api } from "../api/client.ts";
import { useIdempotencyKey } from "../api/idempotency.ts";
import { Badge, type Tone } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { FileButton } from "../ui/FileButton.tsx";
import { Icon } from "../ui/Icon.tsx";
import { Page, Section } from "../ui/Page.tsx";
import { Row, Rows } from "../ui/Rows.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState } from "../ui/States.tsx";
import { TextArea } from "../ui/TextField.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./Page.module.css";
import { importsQuery } from "./queries.ts";
import { Refusal, Refused } from "./Refusal.tsx";

/** The server takes no more; who sends more waits for nothing. */
const MOST_BYTES = 25 * 1024 * 1024;

/** What was pasted and not yet read, so that a reload loses nothing. */
const PASTED = "koinonia.pasted";

/** The first step: a file or what was copied from a sheet. Below it what was imported before. */
export function ImportsPage() {
  const words = useWords();
  return (
    <Page
      title={words.imports.title}
      lead={words.imports.lead}
      back={<Link to="/people">{words.people.title}</Link>}
      width="narrow"
    >
      <Upload />
      <Earlier />
    </Page>
  );
}

function Upload() {
  const words = useWords().imports;
  const [pasted, setPasted] = useState(() => sessionStorage.getItem(PASTED) ?? "");
  const uploading = useUpload();
  const type = (text: string) => {
    sessionStorage.setItem(PASTED, text);
    setPasted(text);
  };
  const [isTooLarge, setTooLarge] = useState(false);
  const send = (file: File | undefined) => {
    if (file === undefined) return;
    setTooLarge(file.size > MOST_BYTES);
    uploading.reset();
    if (file.size <= MOST_BYTES) uploading.mutate(file);
  };
  return (
    <Section title={words.file}>
      <DropZone
        className={styles.drop}
        aria-label={words.drop}
        getDropOperation={() => "copy"}
        onDrop={async ({ items }) => {
          const item = items.find((each) => each.kind === "file");
          if (item?.kind === "file") send(await item.getFile());
        }}
      >
        <Icon name="upload" size="l" />
        <p>{uploading.isPending ? words.reading : words.drop}</p>
        <FileButton
          label={words.chooseFile}
          accept={[".csv", ".xlsx", "text/csv"]}
          onChoose={([file]) => send(file)}
        />
        <p className={styles.hint}>{words.fileHint}</p>
      </DropZone>
      <TextArea
        label={words.paste}
        hint={words.pasteHint}
        value={pasted}
        onChange={type}
        placeholder={words.pasteExample}
      />
      {isTooLarge && <Refused>{words.refused["FILE_TOO_LARGE"]}</Refused>}
      <Refusal error={uploading.error} />
      {pasted.trim() !== "" && (
        <div>
          <Button
            kind="primary"
            isPending={uploading.isPending}
            onPress={() => send(new File([pasted], words.pastedName, { type: "text/csv" }))}
          >
            {words.readPasted}
          </Button>
        </div>
      )}
    </Section>
  );
}

function useUpload() {
  const navigate = useNavigate();
  const [key, next] = useIdempotencyKey();
  return useMutation({
    mutationFn: (file: File) =>
      ok(
        api.POST("/api/imports", {
          params: { header: { "Idempotency-Key": key } },
          body: { files: [file] },
          bodySerializer: form,
        }),
      ),
    meta: { isShown: true },
    async onSuccess({ id }) {
      sessionStorage.removeItem(PASTED);
      await navigate({ to: "/people/import/$importId", params: { importId: id } });
    },
    onSettled: next, // another file is another intention
  });
}

const TONES: Partial<Record<ImportSummary["status"], Tone>> = {
  done: "success",
  failed: "danger",
  cancelled: "warning",
  running: "info",
  checking: "info",
  undoing: "info",
};

function Earlier() {
  const words = useWords().imports;
  const format = useChurchFormat();
  const { data, error, refetch } = useQuery(importsQuery);
  if (error !== null && !data) {
    return (
      <Section title={words.earlier}>
        <ErrorState error={error} onRetry={() => void refetch()} />
      </Section>
    );
  }
  if (data?.data.length === 0) return null;
  return (
    <Section title={words.earlier} note={words.earlierWhy}>
      {data === undefined ? (
        <Skeleton lines={3} />
      ) : (
        <Rows label={words.earlier}>
          {data.data.map((job) => (
            <Row
              key={job.id}
              title={
                <Link to="/people/import/$importId" params={{ importId: job.id }}>
                  {job.filename}
                </Link>
              }
              badges={
                <Badge tone={TONES[job.status] ?? "neutral"}>{words.statuses[job.status]}</Badge>
              }
              note={`${format.moment(job.createdAt)} · ${words.rows(job.rows)}`}
            />
          ))}
        </Rows>
      )}
    </Section>
  );
}
