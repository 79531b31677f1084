import { ok, type Session } from "@koinonia/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { RemoveDialog } from "../ui/EditDialog.tsx";
import { ListState } from "../ui/ListState.tsx";
import { Section } from "../ui/Page.tsx";
import { Row, Rows } from "../ui/Rows.tsx";
import { showDone } from "../ui/toasts.ts";
import { useFormat } from "../words/format.ts";
import { useWords, type Words } from "../words/words.tsx";
import { sessionsQuery } from "./queries.ts";

/** Where one is signed in. What one does not know can be ended at once. */
export function Sessions() {
  const words = useWords().settings;
  const [isEnding, setEnding] = useState(false);
  const query = useQuery(sessionsQuery);
  const others = query.data?.filter(({ isCurrent }) => !isCurrent) ?? [];
  return (
    <Section
      title={words.sessions}
      note={words.sessionsWhy}
      actions={
        others.length > 1 && (
          <Button size="s" onPress={() => setEnding(true)}>
            {words.endOthers}
          </Button>
        )
      }
    >
      <ListState query={query} empty={null}>
        {(sessions) => (
          <Rows label={words.sessions}>
            {sessions.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </Rows>
        )}
      </ListState>
      {isEnding && (
        <RemoveDialog
          title={words.endOthersTitle}
          action={words.endOthers}
          remove={() => ok(api.DELETE("/api/auth/sessions"))}
          touches={["sessions"]}
          done={words.othersEnded}
          onClose={() => setEnding(false)}
        >
          {words.endOthersWhy}
        </RemoveDialog>
      )}
    </Section>
  );
}

function SessionRow({ session }: { session: Session }) {
  const words = useWords().settings;
  const format = useFormat();
  const queries = useQueryClient();
  const path = { sessionId: session.id };
  const ending = useMutation({
    mutationFn: () => ok(api.DELETE("/api/auth/sessions/{sessionId}", { params: { path } })),
    onSuccess: () => showDone(words.sessionEnded),
    onSettled: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  const name = deviceName(session, words);
  return (
    <Row
      title={name}
      badges={session.isCurrent && <Badge tone="accent">{words.thisDevice}</Badge>}
      note={[
        session.network === null
          ? words.placeUnknown
          : words.fromNetwork(shortened(session.network)),
        words.lastUsed(format.ago(session.lastUsedAt)),
      ].join(" · ")}
      actions={
        !session.isCurrent && (
          <Button
            size="s"
            aria-label={words.endSessionOf(name)}
            isPending={ending.isPending}
            onPress={() => ending.mutate()}
          >
            {words.endSession}
          </Button>
        )
      }
    />
  );
}

function deviceName({ device }: Session, words: Words["settings"]): string {
  const { name, system } = device;
  if (name === null) return system ?? words.deviceUnknown;
  return system === null ? name : words.deviceOn(name, system);
}

/** 198.51.100.0/24 is read as the addresses that begin with 198.51.100. */
function shortened(network: string): string {
  return network.replace(/\.0\/24$/, ".…").replace(/::\/48$/, ":…");
}
