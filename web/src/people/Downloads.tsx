import { ok } from "@koinonia/client";
import { useMutation } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { useMay } from "../api/queries.ts";
import { saveFile } from "../api/saveFile.ts";
import { IconButton } from "../ui/Button.tsx";
import { Menu, MenuItem } from "../ui/Menu.tsx";
import { useWords } from "../words/words.tsx";
import { membersQueryOf, type PeopleSearch } from "./search.ts";

/** The people of the list, and all that was ever said about consent, as files for a spreadsheet. */
export function Downloads({ search }: { search: PeopleSearch }) {
  const words = useWords();
  const mayManage = useMay("people.manage");
  const people = useMutation({
    async mutationFn() {
      const { order: _, ...filter } = membersQueryOf(search);
      const query = search.segment === undefined ? filter : { segmentId: search.segment };
      const content = await ok(
        api.GET("/api/members/export", { params: { query }, parseAs: "blob" }),
      );
      saveFile(content, "people.csv");
    },
  });
  const consents = useMutation({
    async mutationFn() {
      saveFile(await ok(api.GET("/api/consents/export", { parseAs: "blob" })), "consents.csv");
    },
  });
  if (!mayManage) return null;
  return (
    <Menu
      label={words.common.more}
      trigger={
        <IconButton
          icon="more"
          label={words.common.more}
          isPending={people.isPending || consents.isPending}
        />
      }
    >
      <MenuItem id="people" icon="download" onAction={() => people.mutate()}>
        {words.people.downloadPeople}
      </MenuItem>
      <MenuItem id="consents" icon="download" onAction={() => consents.mutate()}>
        {words.people.downloadConsents}
      </MenuItem>
    </Menu>
  );
}
