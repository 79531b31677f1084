import { type Group, type Member, ok } from "@koinonia/client";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { fullName } from "../people/names.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Row, Rows } from "../ui/Rows.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { phoneText } from "../words/phone.ts";
import { useWords } from "../words/words.tsx";

/** Finds people by name or phone and puts them into the group, one click each. */
export function AddMembers({ group, onClose }: { group: Group; onClose: () => void }) {
  const words = useWords();
  const [search, setSearch] = useState("");
  const { data } = useQuery({
    queryKey: ["members", "search", search],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/members", { params: { query: { search, limit: 10 } }, signal })),
    placeholderData: keepPreviousData,
  });
  return (
    <Dialog
      title={words.groups.addPeople}
      isOpen
      onClose={onClose}
      actions={<Button onPress={onClose}>{words.common.close}</Button>}
    >
      <SearchField label={words.people.search} value={search} onChange={setSearch} autoFocus />
      <Rows label={words.people.title}>
        {data?.data.map((member) => (
          <Found key={member.id} member={member} group={group} />
        ))}
      </Rows>
      {data?.data.length === 0 && <p className="muted">{words.common.noMatches}</p>}
    </Dialog>
  );
}

function Found({ member, group }: { member: Member; group: Group }) {
  const words = useWords().groups;
  const queries = useQueryClient();
  const isIn = member.groups.some(({ id }) => id === group.id);
  const adding = useMutation({
    mutationFn: () =>
      ok(
        api.POST("/api/groups/{groupId}/members", {
          params: { path: { groupId: group.id } },
          body: { memberIds: [member.id] },
        }),
      ),
    onSuccess: () =>
      Promise.all(
        ["members", "groups", "branches"].map((resource) =>
          queries.invalidateQueries({ queryKey: [resource] }),
        ),
      ),
  });
  return (
    <Row
      title={fullName(member)}
      note={phoneText(member.phone)}
      actions={
        isIn ? (
          <Badge tone="success">{words.isIn}</Badge>
        ) : (
          <Button
            size="s"
            isPending={adding.isPending}
            aria-label={words.addOne(fullName(member))}
            onPress={() => adding.mutate()}
          >
            {words.add}
          </Button>
        )
      }
    />
  );
}
