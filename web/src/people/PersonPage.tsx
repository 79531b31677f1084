import type { Member } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useChurchFormat } from "../api/churchFormat.ts";
import { useMay } from "../api/queries.ts";
import { fieldsQuery } from "../groups/queries.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button, IconButton } from "../ui/Button.tsx";
import { ListState } from "../ui/ListState.tsx";
import { Menu, MenuItem } from "../ui/Menu.tsx";
import { Page, Section } from "../ui/Page.tsx";
import { Fact, Facts, Row, Rows } from "../ui/Rows.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState } from "../ui/States.tsx";
import { phoneText } from "../words/phone.ts";
import { useWords } from "../words/words.tsx";
import { ConsentBadge } from "./ConsentBadge.tsx";
import { ConsentSection } from "./ConsentSection.tsx";
import { MergeDialog } from "./MergeDialog.tsx";
import { fullName } from "./names.ts";
import { OpenConversation } from "./OpenConversation.tsx";
import { PersonDialog } from "./PersonDialog.tsx";
import styles from "./PersonPage.module.css";
import { householdQuery, memberQuery } from "./queries.ts";
import { RemovePerson } from "./RemovePerson.tsx";
import { TextsSection } from "./TextsSection.tsx";

/** Everything that is known of one person. */
export function PersonPage() {
  const words = useWords().people;
  const { memberId } = useParams({ from: "/within/people/$memberId" });
  const { data: member, error, refetch } = useQuery(memberQuery(memberId));
  const back = <Link to="/people">{words.title}</Link>;
  if (error !== null && member === undefined) {
    return (
      <Page title={words.title} back={back}>
        <ErrorState error={error} onRetry={() => void refetch()} />
      </Page>
    );
  }
  if (member === undefined) {
    return (
      <Page title=" " back={back}>
        <Skeleton lines={8} />
      </Page>
    );
  }
  return (
    <Page
      title={fullName(member)}
      lead={
        <>
          <a href={`tel:${member.phone}`}>{phoneText(member.phone)}</a>{" "}
          <ConsentBadge state={member.consent} isAsking={member.stopQuestion !== null} />
        </>
      }
      back={back}
      actions={<Actions member={member} />}
    >
      <div className={styles.columns}>
        <div className={styles.column}>
          <Details member={member} />
          <Household member={member} />
        </div>
        <div className={styles.column}>
          <ConsentSection member={member} />
          <TextsSection member={member} />
        </div>
      </div>
    </Page>
  );
}

function Actions({ member }: { member: Member }) {
  const all = useWords();
  const words = all.people;
  const mayWork = useMay("people.work");
  const mayManage = useMay("people.manage");
  const [task, setTask] = useState<"edit" | "merge" | "remove">();
  const close = () => setTask(undefined);
  return (
    <>
      <OpenConversation member={member} />
      {mayWork && (
        <Button icon="edit" onPress={() => setTask("edit")}>
          {all.common.edit}
        </Button>
      )}
      {mayManage && (
        <Menu label={all.common.more} trigger={<IconButton icon="more" label={all.common.more} />}>
          <MenuItem id="merge" icon="group" onAction={() => setTask("merge")}>
            {words.merge}
          </MenuItem>
          <MenuItem id="remove" icon="trash" isDanger onAction={() => setTask("remove")}>
            {words.remove}
          </MenuItem>
        </Menu>
      )}
      {task === "edit" && <PersonDialog member={member} onClose={close} />}
      {task === "merge" && <MergeDialog member={member} onClose={close} />}
      {task === "remove" && <RemovePerson member={member} onClose={close} />}
    </>
  );
}

function Details({ member }: { member: Member }) {
  const words = useWords().people;
  const format = useChurchFormat();
  const { data: fields = [] } = useQuery(fieldsQuery);
  const own = fields.filter(({ key }) => member.fields[key]);
  return (
    <Section title={words.details}>
      <Facts>
        <Fact name={words.email}>
          {member.email === null ? "–" : <a href={`mailto:${member.email}`}>{member.email}</a>}
        </Fact>
        {own.map(({ key, label }) => (
          <Fact key={key} name={label}>
            {member.fields[key]}
          </Fact>
        ))}
        <Fact name={words.groups}>
          <span className={styles.groups}>
            {member.groups.map(({ id, name }) => (
              <Link key={id} to="/people" search={{ group: id }}>
                <Badge tone="accent">{name}</Badge>
              </Link>
            ))}
            {member.groups.length === 0 && "–"}
          </span>
        </Fact>
        <Fact name={words.heard}>
          {member.lastHeardFrom === null ? "–" : format.moment(member.lastHeardFrom)}
        </Fact>
        <Fact name={words.since}>{format.moment(member.createdAt)}</Fact>
        {member.externalIds.map(({ system, id }) => (
          <Fact key={system} name={system}>
            {id}
          </Fact>
        ))}
      </Facts>
    </Section>
  );
}

function Household({ member }: { member: Member }) {
  const words = useWords().people;
  const query = useQuery({
    ...householdQuery(member),
    select: (all) => all.filter(({ id }) => id !== member.id),
  });
  return (
    <Section title={words.household} note={words.householdWhy}>
      <ListState query={query} empty={<p className="muted">{words.nobodyElse}</p>}>
        {(others) => (
          <Rows label={words.household}>
            {others.map((other) => (
              <Row
                key={other.id}
                title={
                  <Link to="/people/$memberId" params={{ memberId: other.id }}>
                    {fullName(other)}
                  </Link>
                }
              />
            ))}
          </Rows>
        )}
      </ListState>
    </Section>
  );
}
