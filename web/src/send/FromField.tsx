import { useQuery } from "@tanstack/react-query";
import { Section } from "../ui/Page.tsx";
import { Select } from "../ui/Select.tsx";
import { phoneText } from "../words/phone.ts";
import { useWords } from "../words/words.tsx";
import { numbersQuery } from "./queries.ts";

const USUAL = "usual";

/** Which number it comes from; nothing to choose where the church has one. */
export function FromField(props: {
  value: string | null;
  onChange: (numberId: string | null) => void;
}) {
  const words = useWords().send;
  const { data } = useQuery(numbersQuery);
  const active = (data ?? []).filter(({ status }) => status === "active");
  if (active.length < 2) return null;
  return (
    <Section title={words.from}>
      <Select
        label={words.fromNumber}
        choices={[
          { id: USUAL, name: words.fromUsual, note: words.fromUsualNote },
          ...active.map(({ id, label, phoneNumber }) => ({
            id,
            name: label ?? phoneText(phoneNumber),
            ...(label === null ? {} : { note: phoneText(phoneNumber) }),
          })),
        ]}
        value={props.value ?? USUAL}
        onChange={(id) => props.onChange(id === USUAL ? null : id)}
      />
    </Section>
  );
}
