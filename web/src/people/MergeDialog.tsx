import { type Member, type MemberMerge, ok } from "@koinonia/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { RadioGroup } from "../ui/RadioGroup.tsx";
import { Fact, Facts } from "../ui/Rows.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState, FormError, Notice } from "../ui/States.tsx";
import { showDone } from "../ui/toasts.ts";
import { phoneText } from "../words/phone.ts";
import { useWords } from "../words/words.tsx";
import { FoundPeople } from "./FoundPeople.tsx";
import { fullName } from "./names.ts";

type Phone = "kept" | "merged";

/** Two cards of one person become one: find the other, see what comes of it, do it. */
export function MergeDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const words = useWords().people;
  const [other, setOther] = useState<Member>();
  return (
    <Dialog title={words.merge} isOpen onClose={onClose}>
      <p className="muted">{words.mergeWhy(fullName(member))}</p>
      {other === undefined ? (
        <FindOther member={member} onFound={setOther} />
      ) : (
        <Decide
          member={member}
          other={other}
          onBack={() => setOther(undefined)}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

function FindOther(props: { member: Member; onFound: (member: Member) => void }) {
  const words = useWords().people;
  const { member } = props;
  return (
    <FoundPeople
      first={member.lastName}
      without={member.id}
      action={(other) => (
        <Button size="s" onPress={() => props.onFound(other)}>
          {words.isTheSame}
        </Button>
      )}
    />
  );
}

function Decide(props: { member: Member; other: Member; onBack: () => void; onClose: () => void }) {
  const all = useWords();
  const words = all.people;
  const { member, other } = props;
  const [phone, setPhone] = useState<Phone>("kept");
  const queries = useQueryClient();
  const navigate = useNavigate();
  const path = { memberId: other.id };
  const preview = useQuery({
    queryKey: ["members", "merge", member.id, other.id, phone],
    queryFn: () => merge(path, { into: member.id, phone, dryRun: true }),
    staleTime: 0,
  });
  const merging = useMutation({
    mutationFn: () => merge(path, { into: member.id, phone, dryRun: false }),
    meta: { isShown: true },
    async onSuccess(merged) {
      await navigate({ to: "/people/$memberId", params: { memberId: merged.member.id } });
      showDone(words.merged);
      props.onClose(); // before the refresh, which would look at the merge of a card that is gone
      queries.removeQueries({ queryKey: ["members", "merge"] });
      await Promise.all(
        ["members", "consents", "groups"].map((resource) =>
          queries.invalidateQueries({ queryKey: [resource] }),
        ),
      );
    },
  });
  return (
    <>
      {member.phone !== other.phone && (
        <RadioGroup
          label={words.whosePhone}
          choices={[
            { id: "kept", name: phoneText(member.phone) },
            { id: "merged", name: phoneText(other.phone) },
          ]}
          value={phone}
          onChange={setPhone}
        />
      )}
      {preview.data && <Outcome merge={preview.data} other={other} />}
      {preview.isPending && <Skeleton lines={5} />}
      {preview.error && <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />}
      <FormError error={merging.error} />
      <div>
        <Button onPress={props.onBack}>{all.common.back}</Button>{" "}
        <Button
          kind="danger"
          isDisabled={preview.data === undefined}
          isPending={merging.isPending}
          onPress={() => merging.mutate()}
        >
          {words.mergeYes}
        </Button>
      </div>
    </>
  );
}

function merge(path: { memberId: string }, body: { into: string; phone: Phone; dryRun: boolean }) {
  return ok(api.POST("/api/members/{memberId}/merge", { params: { path }, body }));
}

/** What the card will say, and what is gone afterwards. */
function Outcome({ merge: found, other }: { merge: MemberMerge; other: Member }) {
  const words = useWords().people;
  return (
    <>
      <Facts>
        <Fact name={words.stays}>{fullName(found.member)}</Fact>
        <Fact name={words.phone}>{phoneText(found.member.phone)}</Fact>
        <Fact name={words.email}>{found.member.email ?? "–"}</Fact>
        <Fact name={words.groups}>
          {found.member.groups.map(({ name }) => name).join(", ") || "–"}
        </Fact>
      </Facts>
      <Notice tone="warning">
        {words.mergeRemoves(fullName(other))}
        {found.droppedPhone !== null && ` ${words.mergeDrops(phoneText(found.droppedPhone))}`}
        {found.optsOut && ` ${words.mergeOptsOut}`}
      </Notice>
    </>
  );
}
