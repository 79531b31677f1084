import { ok, type PhoneNumber } from "@koinonia/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useChurchFormat } from "../api/churchFormat.ts";
import { api } from "../api/client.ts";
import { useMay, useMe } from "../api/queries.ts";
import { Badge, type Tone } from "../ui/Badge.tsx";
import { Button, IconButton } from "../ui/Button.tsx";
import { EditDialog, RemoveDialog } from "../ui/EditDialog.tsx";
import { ListState } from "../ui/ListState.tsx";
import { Menu, MenuItem } from "../ui/Menu.tsx";
import { Section } from "../ui/Page.tsx";
import { Row, Rows } from "../ui/Rows.tsx";
import { Notice } from "../ui/States.tsx";
import { TextField } from "../ui/TextField.tsx";
import { phoneText } from "../words/phone.ts";
import { useWords } from "../words/words.tsx";
import { numbersQuery, usageQuery } from "./queries.ts";

const TONES: Record<PhoneNumber["status"], Tone> = {
  pending: "info",
  active: "success",
  failed: "danger",
  released: "neutral",
};

/** The numbers that the church texts from. */
export function NumbersPage() {
  const words = useWords().settings;
  const { church } = useMe();
  const mayManage = useMay("numbers.manage");
  const mayBill = useMay("billing.read");
  const { data: usage } = useQuery({ ...usageQuery, enabled: mayBill });
  const numbers = useQuery(numbersQuery);
  const [isOrdering, setOrdering] = useState(false);
  const held = numbers.data?.filter(({ status }) => status === "active" || status === "pending");
  const note = usage && held ? words.numbersOf(held.length, usage.numberLimit) : words.numbersWhy;
  return (
    <Section
      title={words.sections.numbers}
      note={note}
      actions={
        mayManage && (
          <Button size="s" icon="plus" onPress={() => setOrdering(true)}>
            {words.orderNumber}
          </Button>
        )
      }
    >
      {!church.isVerified && <Notice tone="warning">{words.notVerified}</Notice>}
      <ListState query={numbers} empty={<p className="muted">{words.noNumbers}</p>}>
        {(all) => (
          <Rows label={words.sections.numbers}>
            {all.map((number) => (
              <NumberRow key={number.id} number={number} />
            ))}
          </Rows>
        )}
      </ListState>
      {isOrdering && <OrderDialog onClose={() => setOrdering(false)} />}
    </Section>
  );
}

function NumberRow({ number }: { number: PhoneNumber }) {
  const words = useWords().settings;
  const format = useChurchFormat();
  const mayManage = useMay("numbers.manage");
  const name =
    number.phoneNumber === "" ? words.inArea(number.areaCode) : phoneText(number.phoneNumber);
  const problem = number.failure ?? number.connectionProblem;
  const isTrouble = number.status === "active" && number.connection !== "connected";
  return (
    <Row
      title={<span className="figures">{name}</span>}
      badges={
        <>
          <Badge tone={TONES[number.status]}>{words.numberStatuses[number.status]}</Badge>
          {isTrouble && <Badge tone="warning">{words.connections[number.connection]}</Badge>}
        </>
      }
      note={
        <>
          {number.label ?? words.ordered(format.moment(number.orderedAt))}
          {problem !== null && ` · ${problem}`}
        </>
      }
      actions={
        mayManage && number.status === "active" && <NumberActions number={number} name={name} />
      }
    />
  );
}

function NumberActions({ number, name }: { number: PhoneNumber; name: string }) {
  const words = useWords().settings;
  const [task, setTask] = useState<"label" | "release">();
  const close = () => setTask(undefined);
  const queries = useQueryClient();
  const path = { numberId: number.id };
  const checking = useMutation({
    mutationFn: () => ok(api.POST("/api/phone-numbers/{numberId}/check", { params: { path } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: numbersQuery.queryKey }),
  });
  return (
    <>
      <Menu
        label={words.change(name)}
        trigger={<IconButton icon="more" label={words.change(name)} />}
      >
        <MenuItem id="label" icon="tag" onAction={() => setTask("label")}>
          {words.nameNumber}
        </MenuItem>
        <MenuItem id="check" icon="refresh" onAction={() => checking.mutate()}>
          {words.checkNumber}
        </MenuItem>
        <MenuItem id="release" icon="trash" isDanger onAction={() => setTask("release")}>
          {words.releaseNumber}
        </MenuItem>
      </Menu>
      {task === "label" && <LabelDialog number={number} onClose={close} />}
      {task === "release" && (
        <RemoveDialog
          title={words.releaseTitle(name)}
          action={words.releaseNumber}
          remove={() => ok(api.DELETE("/api/phone-numbers/{numberId}", { params: { path } }))}
          touches={["phone-numbers", "groups"]}
          done={words.released(name)}
          onClose={close}
        >
          {words.releaseWhy}
        </RemoveDialog>
      )}
    </>
  );
}

function LabelDialog({ number, onClose }: { number: PhoneNumber; onClose: () => void }) {
  const words = useWords().settings;
  const [label, setLabel] = useState(number.label ?? "");
  return (
    <EditDialog
      title={words.nameNumber}
      isDirty={label !== (number.label ?? "")}
      save={() =>
        ok(
          api.PATCH("/api/phone-numbers/{numberId}", {
            params: { path: { numberId: number.id } },
            body: { label: label.trim() || null },
          }),
        )
      }
      touches={["phone-numbers"]}
      done={words.saved}
      onClose={onClose}
      size="s"
    >
      <TextField
        name="label"
        label={words.numberLabel}
        hint={words.numberLabelHint}
        autoFocus
        maxLength={40}
        value={label}
        onChange={setLabel}
      />
    </EditDialog>
  );
}

function OrderDialog({ onClose }: { onClose: () => void }) {
  const words = useWords().settings;
  const [areaCode, setAreaCode] = useState("");
  return (
    <EditDialog
      title={words.orderNumber}
      submit={words.order}
      isDirty={areaCode !== ""}
      save={(key) =>
        ok(
          api.POST("/api/phone-numbers", {
            params: { header: { "Idempotency-Key": key } },
            body: { areaCode },
          }),
        )
      }
      touches={["phone-numbers"]}
      done={words.numberOrdered}
      onClose={onClose}
      size="s"
    >
      <p className="muted">{words.orderWhy}</p>
      <TextField
        name="areaCode"
        label={words.areaCode}
        hint={words.areaCodeHint}
        isRequired
        autoFocus
        inputMode="numeric"
        pattern="[2-9][0-9]{2}"
        maxLength={3}
        value={areaCode}
        onChange={setAreaCode}
      />
    </EditDialog>
  );
}
