import { ok, type Schedule } from "@koinonia/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useMay } from "../api/queries.ts";
import { zoneName } from "../sign-in/zones.ts";
import { Button, ButtonLink } from "../ui/Button.tsx";
import { Confirm } from "../ui/Dialog.tsx";
import { Page, Section } from "../ui/Page.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState } from "../ui/States.tsx";
import { showDone } from "../ui/toasts.ts";
import { useFormat } from "../words/format.ts";
import { useWords } from "../words/words.tsx";
import { Dates } from "./Dates.tsx";
import styles from "./DetailPage.module.css";
import { RepeatInWords } from "./ListPage.tsx";
import { Past } from "./Past.tsx";
import { scheduleQuery } from "./queries.ts";
import { ScheduleBadge } from "./ScheduleBadge.tsx";

/** One scheduled text: what it says, when it leaves, what it did. */
export function SchedulePage() {
  const { scheduleId } = useParams({ from: "/within/schedules/$scheduleId" });
  const words = useWords().schedules;
  const { data, error, refetch } = useQuery(scheduleQuery(scheduleId));
  const back = <Link to="/schedules">{words.title}</Link>;
  if (data === undefined) {
    return (
      <Page title={words.detail} back={back}>
        {error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton lines={8} />
        )}
      </Page>
    );
  }
  return (
    <Page
      title={data.name ?? words.detail}
      back={back}
      lead={<ScheduleBadge status={data.status} />}
      actions={<Controls schedule={data} />}
    >
      <Section title={words.words}>
        <p className={styles.bubble}>{data.content}</p>
        <Facts schedule={data} />
      </Section>
      <Dates schedule={data} />
      <Past scheduleId={data.id} />
    </Page>
  );
}

function Facts({ schedule }: { schedule: Schedule }) {
  const words = useWords().schedules;
  const format = useFormat("UTC"); // a wall time: its own figures are shown
  const wall = new Date(`${schedule.localTime}Z`);
  return (
    <dl className={styles.facts}>
      <div>
        <dt>{words.columns.to}</dt>
        <dd>{words.targets[schedule.targetType]}</dd>
      </div>
      <div>
        <dt>{words.when}</dt>
        <dd>{words.localTime(format.time(wall), zoneName(schedule.timezone))}</dd>
      </div>
      <div>
        <dt>{words.columns.repeat}</dt>
        <dd>
          <RepeatInWords schedule={schedule} />
        </dd>
      </div>
    </dl>
  );
}

function Controls({ schedule }: { schedule: Schedule }) {
  const words = useWords().schedules;
  const mayChange = useMay("messages.work");
  const params = { path: { scheduleId: schedule.id } };
  const pause = useChange(schedule, words.paused, () =>
    ok(api.POST("/api/schedules/{scheduleId}/pause", { params })),
  );
  const resume = useChange(schedule, words.resumed, () =>
    ok(api.POST("/api/schedules/{scheduleId}/resume", { params })),
  );
  if (!mayChange || schedule.status === "finished" || schedule.status === "cancelled") return null;
  return (
    <>
      {schedule.status === "paused" ? (
        <Button icon="play" isPending={resume.isPending} onPress={() => resume.mutate()}>
          {words.resume}
        </Button>
      ) : (
        <Button icon="pause" isPending={pause.isPending} onPress={() => pause.mutate()}>
          {words.pause}
        </Button>
      )}
      <ButtonLink to="/schedules/$scheduleId/edit" params={{ scheduleId: schedule.id }} icon="edit">
        {words.edit}
      </ButtonLink>
      <Remove schedule={schedule} />
    </>
  );
}

function Remove({ schedule }: { schedule: Schedule }) {
  const words = useWords().schedules;
  const queries = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const remove = useMutation({
    mutationFn: () =>
      ok(
        api.DELETE("/api/schedules/{scheduleId}", {
          params: { path: { scheduleId: schedule.id } },
        }),
      ),
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: ["schedules"] });
      showDone(words.removed);
    },
    onError: () => queries.invalidateQueries({ queryKey: ["schedules"] }),
    onSettled: () => setAsked(false),
  });
  return (
    <>
      <Button icon="trash" onPress={() => setAsked(true)}>
        {words.remove}
      </Button>
      <Confirm
        title={words.removeTitle}
        action={words.remove}
        keep={words.keep}
        isDanger
        isOpen={isAsked}
        isPending={remove.isPending}
        onClose={() => setAsked(false)}
        onConfirm={() => remove.mutate()}
      >
        <p>{words.removeWhy}</p>
      </Confirm>
    </>
  );
}

function useChange(schedule: Schedule, done: string, change: () => Promise<Schedule>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess(changed) {
      queries.setQueryData(["schedules", schedule.id], changed);
      void queries.invalidateQueries({ queryKey: ["schedules"] });
      showDone(done);
    },
    onError: () => queries.invalidateQueries({ queryKey: ["schedules"] }),
  });
}
