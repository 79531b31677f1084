import type { PeopleFilter } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "../api/queries.ts";
import { ChoiceList } from "../compose/ChoiceList.tsx";
import { ChosenPeople, PeopleSearch } from "../compose/PeoplePicker.tsx";
import { SegmentDialog } from "../people/SegmentDialog.tsx";
import { Button } from "../ui/Button.tsx";
import { Segmented } from "../ui/Segmented.tsx";
import { Select } from "../ui/Select.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState, Notice } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import { AudienceFilter } from "./AudienceFilter.tsx";
import type { Broadcast, Target, TargetKind } from "./broadcast.ts";
import { branchesQuery, groupsQuery, segmentsQuery } from "./queries.ts";

const KINDS = ["all", "groups", "branches", "segment", "individual", "filter"] as const;

interface Props {
  draft: Broadcast;
  change: (change: Partial<Broadcast>) => void;
}

/** Whom it is for. */
export function AudienceField({ draft, change }: Props) {
  const words = useWords().send;
  const { target } = draft;
  if (target?.type === "recipients_of") {
    const isTry = target.statuses.includes("failed");
    return (
      <Notice
        action={
          <Button size="s" onPress={() => change({ target: null })}>
            {words.someoneElse}
          </Button>
        }
      >
        {isTry ? words.again.failed : words.again.sent}
      </Notice>
    );
  }
  return (
    <>
      <Segmented
        label={words.to}
        choices={KINDS.map((id) => ({ id, name: words.kinds[id] }))}
        value={target?.type ?? null}
        onChange={(kind) => change({ target: begun(kind, draft) })}
      />
      {target !== null && <Details draft={draft} change={change} target={target} />}
    </>
  );
}

function Details({ draft, change, target }: Props & { target: Target }) {
  const words = useWords().send;
  switch (target.type) {
    case "all":
      return <p className="muted">{words.toAll}</p>;
    case "groups":
      return (
        <Groups chosen={target.ids} onChange={(ids) => change({ target: { ...target, ids } })} />
      );
    case "branches":
      return (
        <Branches chosen={target.ids} onChange={(ids) => change({ target: { ...target, ids } })} />
      );
    case "segment":
      return (
        <Segments
          chosen={target.segmentId}
          onChange={(segmentId) => change({ target: { type: "segment", segmentId } })}
        />
      );
    case "individual":
      return <People draft={draft} change={change} />;
    case "filter":
      return (
        <>
          <AudienceFilter
            filter={target.filter}
            onChange={(filter) => change({ target: { type: "filter", filter } })}
          />
          <SaveSegment
            filter={target.filter}
            onSaved={(segmentId) => change({ target: { type: "segment", segmentId } })}
          />
        </>
      );
    case "recipients_of":
      return null;
  }
}

/** Keeps the filter under a name; from then on the text is for the segment. */
function SaveSegment(props: { filter: PeopleFilter; onSaved: (id: string) => void }) {
  const words = useWords().people;
  const mayWork = useMay("people.work");
  const [isAsked, setAsked] = useState(false);
  if (!mayWork || Object.keys(props.filter).length === 0) return null;
  return (
    <div>
      <Button size="s" icon="check" onPress={() => setAsked(true)}>
        {words.saveSegment}
      </Button>
      {isAsked && <SegmentDialog {...props} onClose={() => setAsked(false)} />}
    </div>
  );
}

interface Chosen {
  chosen: readonly string[];
  onChange: (ids: string[]) => void;
}

export function Groups(props: Chosen) {
  const words = useWords().send;
  const { data, error, refetch } = useQuery(groupsQuery);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton lines={3} />;
  const choices = data.map(({ id, name, memberCount }) => ({
    id,
    name,
    note: words.people(memberCount),
  }));
  return (
    <ChoiceList {...props} label={words.chooseGroups} choices={choices} empty={words.noGroups} />
  );
}

export function Branches(props: Chosen) {
  const words = useWords().send;
  const { data, error, refetch } = useQuery(branchesQuery);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton lines={3} />;
  const choices = data.map(({ id, name, memberCount }) => ({
    id,
    name,
    note: words.people(memberCount),
  }));
  return (
    <ChoiceList
      {...props}
      label={words.chooseBranches}
      choices={choices}
      empty={words.noBranches}
    />
  );
}

function Segments(props: { chosen: string; onChange: (id: string) => void }) {
  const words = useWords().send;
  const { data, error, refetch } = useQuery(segmentsQuery);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton lines={2} />;
  if (data.length === 0) return <p className="muted">{words.noSegments}</p>;
  return (
    <Select
      label={words.segment}
      choices={data.map(({ id, name, missing }) => ({
        id,
        name,
        ...(missing === null ? {} : { note: words.segmentBroken }),
      }))}
      value={props.chosen === "" ? null : props.chosen}
      onChange={props.onChange}
    />
  );
}

function People({ draft, change }: Props) {
  const words = useWords().send;
  const choose = (people: Broadcast["people"]) =>
    change({ people, target: { type: "individual", ids: people.map(({ id }) => id) } });
  return (
    <>
      <PeopleSearch
        label={words.findPeople}
        chosen={draft.people.map(({ id }) => id)}
        onChoose={({ id, name }) => choose([...draft.people, { id, name }])}
      />
      <ChosenPeople
        people={draft.people}
        onRemove={(id) => choose(draft.people.filter((person) => person.id !== id))}
      />
    </>
  );
}

/** The target of a kind before anybody is chosen; people who were chosen earlier come back. */
function begun(kind: Exclude<TargetKind, "recipients_of">, draft: Broadcast): Target {
  switch (kind) {
    case "all":
      return { type: "all" };
    case "filter":
      return { type: "filter", filter: {} };
    case "segment":
      return { type: "segment", segmentId: "" };
    case "individual":
      return { type: "individual", ids: draft.people.map(({ id }) => id) };
    default:
      return { type: kind, ids: [] };
  }
}
