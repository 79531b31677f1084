import { ok, type Schedule } from "@koinonia/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useMe } from "../api/queries.ts";
import { AudienceField } from "../send/AudienceField.tsx";
import { type Broadcast, requestOf, ruleOfBroadcast } from "../send/broadcast.ts";
import { FromField } from "../send/FromField.tsx";
import { MessageField } from "../send/MessageField.tsx";
import page from "../send/Page.module.css";
import { PlanPanel, SamplePanel } from "../send/PlanPanel.tsx";
import { broadcastOfSchedule } from "../send/reading.ts";
import { usePlan } from "../send/usePlan.ts";
import { WhenField } from "../send/WhenField.tsx";
import { Button, ButtonLink } from "../ui/Button.tsx";
import { LeaveGuard } from "../ui/LeaveGuard.tsx";
import { Page, Section } from "../ui/Page.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState, FormError } from "../ui/States.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";
import { scheduleQuery } from "./queries.ts";

/** Changes a scheduled text with the parts that wrote it. */
export function EditSchedulePage() {
  const { scheduleId } = useParams({ from: "/within/schedules/$scheduleId/edit" });
  const words = useWords();
  const { data, error, refetch } = useQuery({
    queryKey: ["schedules", scheduleId, "written"],
    queryFn: async ({ client }) => {
      const schedule = await client.fetchQuery(scheduleQuery(scheduleId));
      return { schedule, first: await broadcastOfSchedule(schedule) };
    },
    retry: false, // what it is made of is tried again by itself
    staleTime: Number.POSITIVE_INFINITY, // what is written here counts from now on
    gcTime: 0,
  });
  if (data !== undefined) return <Editing key={scheduleId} {...data} />;
  return (
    <Page title={words.send.editTitle} back={<Link to="/schedules">{words.schedules.title}</Link>}>
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton lines={8} />}
    </Page>
  );
}

function Editing({ schedule, first }: { schedule: Schedule; first: Broadcast }) {
  const words = useWords();
  const [draft, setDraft] = useState(first);
  const change = (changed: Partial<Broadcast>) => setDraft((before) => ({ ...before, ...changed }));
  const plan = usePlan(draft);
  const save = useSaving(schedule, first, draft);
  const params = { scheduleId: schedule.id };
  return (
    <Page
      title={words.send.editTitle}
      back={
        <Link to="/schedules/$scheduleId" params={params}>
          {schedule.name ?? words.schedules.detail}
        </Link>
      }
    >
      <div className={page.columns}>
        <div className={page.form}>
          <Section title={words.send.to}>
            <AudienceField draft={draft} change={change} />
          </Section>
          <Section title={words.send.text}>
            <MessageField draft={draft} change={change} error={plan.wordsError} />
          </Section>
          <FromField
            value={draft.fromNumberId}
            onChange={(fromNumberId) => change({ fromNumberId })}
          />
          <Section title={words.send.when}>
            <WhenField draft={draft} change={change} isSchedule />
          </Section>
        </div>
        <aside className={page.beside}>
          <PlanPanel plan={plan} />
          <div className={page.send}>
            <FormError error={save.error} />
            <div className={page.more}>
              <ButtonLink to="/schedules/$scheduleId" params={params}>
                {words.common.cancel}
              </ButtonLink>
              <Button kind="primary" isPending={save.isPending} onPress={() => save.mutate()}>
                {words.send.saveSchedule}
              </Button>
            </div>
          </div>
          <SamplePanel draft={draft} plan={plan} />
        </aside>
      </div>
      <LeaveGuard isDirty={draft !== first && !save.isSuccess && !save.isPending} />
    </Page>
  );
}

function useSaving(schedule: Schedule, first: Broadcast, draft: Broadcast) {
  const words = useWords().schedules;
  const { church } = useMe();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () =>
      ok(
        api.PATCH("/api/schedules/{scheduleId}", {
          params: { path: { scheduleId: schedule.id } },
          body: changesOf(first, draft, church.timezone),
        }),
      ),
    meta: { isShown: true },
    async onSuccess() {
      showDone(words.saved);
      await navigate({ to: "/schedules/$scheduleId", params: { scheduleId: schedule.id } });
      void queries.invalidateQueries({ queryKey: ["schedules"] });
    },
  });
}

/** Only what is another now, so that a colleague's change of the rest stays. */
function changesOf(first: Broadcast, draft: Broadcast, zone: string) {
  const { content, target, mediaIds, fromNumberId, scheduledFor } = requestOf(draft, zone);
  const isOther = (key: keyof Broadcast) => draft[key] !== first[key];
  const isTimed = isOther("localTime") || isOther("repeat");
  return {
    ...(isOther("name") ? { name: draft.name.trim() || null } : {}),
    ...(isOther("content") && content !== undefined ? { content } : {}),
    ...(isOther("target") && target ? { target } : {}),
    ...(isOther("files") ? { mediaIds: mediaIds ?? [] } : {}),
    ...(isOther("fromNumberId") ? { fromNumberId: fromNumberId ?? null } : {}),
    ...(isTimed && scheduledFor ? { scheduledFor } : {}),
    ...(isTimed ? { rrule: ruleOfBroadcast(draft) } : {}),
  };
}
