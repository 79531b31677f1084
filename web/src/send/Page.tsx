import { ok } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client.ts";
import { Button } from "../ui/Button.tsx";
import { Page, Section } from "../ui/Page.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState } from "../ui/States.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";
import { AudienceField } from "./AudienceField.tsx";
import { type Broadcast, emptyBroadcast, isEmpty, type Target } from "./broadcast.ts";
import { DraftsButton, SaveDraft } from "./DraftsButton.tsx";
import { FromField } from "./FromField.tsx";
import { type KeptBroadcast, useKeptBroadcast } from "./kept.ts";
import { MessageField } from "./MessageField.tsx";
import styles from "./Page.module.css";
import { PlanPanel, SamplePanel } from "./PlanPanel.tsx";
import { templatesToUseQuery } from "./queries.ts";
import { broadcastAfter, broadcastOfDraft, broadcastOfTemplate } from "./reading.ts";
import { SendBar } from "./SendBar.tsx";
import { TestText } from "./TestText.tsx";
import { usePlan } from "./usePlan.ts";
import { useSending } from "./useSending.ts";
import { later, WhenField } from "./WhenField.tsx";

/** Writes to many. The address says what it begins from. */
export function SendPage() {
  const { draft, after, outcome, template, undone } = useSearch({ from: "/within/send" });
  if (draft !== undefined) return <FromDraft key={draft} id={draft} />;
  if (after !== undefined) {
    return <FromMessage key={`${after}${outcome}`} id={after} kind={outcome ?? "failed"} />;
  }
  if (template !== undefined) return <FromTemplate key={template} id={template} />;
  if (undone === true) return <Begun name="undone" first={undefined} />;
  return <FromDevice />;
}

function FromDevice() {
  const { group, segment, member, when } = useSearch({ from: "/within/send" });
  const kept = useKeptBroadcast("broadcast");
  const [target] = useState(() => presetTarget(group, segment, member));
  const [isTaken, setTaken] = useState(false);
  if ((target !== undefined || when !== undefined) && !isTaken) {
    setTaken(true);
    kept.change({
      ...(target === undefined ? {} : { target }),
      ...(when === undefined ? {} : later(kept.draft)),
    });
  }
  return <Writing kept={kept} />;
}

function FromDraft({ id }: { id: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ["drafts", id],
    queryFn: async ({ signal }) => {
      const params = { path: { draftId: id } };
      return broadcastOfDraft(await ok(api.GET("/api/drafts/{draftId}", { params, signal })));
    },
    staleTime: Number.POSITIVE_INFINITY, // what is written here counts from now on
    gcTime: 0,
  });
  return <Loaded name={`team.${id}`} first={data} error={error} onRetry={() => void refetch()} />;
}

function FromMessage({ id, kind }: { id: string; kind: "failed" | "sent" }) {
  const { data, error, refetch } = useQuery({
    queryKey: ["messages", id],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/messages/{messageId}", { params: { path: { messageId: id } }, signal })),
  });
  const [first, setFirst] = useState<Broadcast>();
  if (data !== undefined && first === undefined) setFirst(broadcastAfter(data, kind));
  return (
    <Loaded name={`${kind}.${id}`} first={first} error={error} onRetry={() => void refetch()} />
  );
}

function FromTemplate({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(templatesToUseQuery);
  const [first, setFirst] = useState<Broadcast>();
  if (data !== undefined && first === undefined) {
    const template = data.find((each) => each.id === id);
    setFirst(template === undefined ? emptyBroadcast() : broadcastOfTemplate(template));
  }
  const name = `template.${id}`;
  return <Loaded name={name} first={first} error={error} onRetry={() => void refetch()} />;
}

function Loaded(props: {
  name: string;
  first: Broadcast | undefined;
  error: Error | null;
  onRetry: () => void;
}) {
  const words = useWords().send;
  if (props.first !== undefined) return <Begun name={props.name} first={props.first} />;
  return (
    <Page title={words.title}>
      {props.error ? (
        <ErrorState error={props.error} onRetry={props.onRetry} />
      ) : (
        <Skeleton lines={8} />
      )}
    </Page>
  );
}

function Begun({ name, first }: { name: string; first: Broadcast | undefined }) {
  return <Writing kept={useKeptBroadcast(name, first)} />;
}

function Writing({ kept }: { kept: KeptBroadcast }) {
  const words = useWords().send;
  const { draft, change } = kept;
  const plan = usePlan(draft);
  const sending = useSending(kept, plan.preview);
  return (
    <Page
      title={words.title}
      actions={
        <>
          {!isEmpty(draft) && <StartAgain kept={kept} />}
          <DraftsButton />
        </>
      }
    >
      <div className={styles.columns}>
        {/* What is being sent is not written on. */}
        <div className={styles.form} inert={sending.isPending}>
          <Section title={words.to}>
            <AudienceField draft={draft} change={change} />
          </Section>
          <Section title={words.text}>
            <MessageField draft={draft} change={change} error={plan.wordsError} />
          </Section>
          <FromField
            value={draft.fromNumberId}
            onChange={(fromNumberId) => change({ fromNumberId })}
          />
          <Section title={words.when}>
            <WhenField draft={draft} change={change} isSchedule={false} />
          </Section>
        </div>
        <aside className={styles.beside}>
          <PlanPanel plan={plan} />
          <div className={styles.send}>
            <SendBar draft={draft} plan={plan} sending={sending} />
          </div>
          <div className={styles.more}>
            <TestText draft={draft} />
            {!isEmpty(draft) && <SaveDraft draft={draft} change={change} />}
          </div>
          <SamplePanel draft={draft} plan={plan} />
        </aside>
      </div>
    </Page>
  );
}

function StartAgain({ kept }: { kept: KeptBroadcast }) {
  const words = useWords();
  const navigate = useNavigate();
  return (
    <Button
      kind="quiet"
      onPress={() => {
        const before = kept.draft;
        kept.replace(emptyBroadcast());
        void navigate({ to: "/send", search: {} });
        showDone(words.send.cleared, {
          label: words.common.undo,
          run: () => kept.replace(before),
        });
      }}
    >
      {words.send.startAgain}
    </Button>
  );
}

function presetTarget(group?: string, segment?: string, member?: string): Target | undefined {
  if (group !== undefined) return { type: "groups", ids: [group] };
  if (segment !== undefined) return { type: "segment", segmentId: segment };
  if (member !== undefined) return { type: "individual", ids: [member] };
  return undefined;
}
