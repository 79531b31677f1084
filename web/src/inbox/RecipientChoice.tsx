import type { ReplyRecipient } from "@koinonia/client";
import { RadioGroup } from "../ui/RadioGroup.tsx";
import { useWords } from "../words/words.tsx";
import { nameOf, prettyPhone } from "./names.ts";

/** After a text to several people: to which of them the answer goes. */
export default function RecipientChoice(props: {
  recipients: ReplyRecipient[];
  value: string | undefined;
  onChange: (phone: string) => void;
}) {
  const words = useWords();
  const choices = props.recipients
    .filter(({ mayBeTexted }) => mayBeTexted)
    .map((each) => ({
      id: each.phone,
      name: nameOf(each),
      ...(each.member === null ? {} : { note: prettyPhone(each.phone) }),
    }));
  return (
    <RadioGroup
      label={words.reply.to}
      choices={choices}
      value={props.value ?? null}
      onChange={props.onChange}
    />
  );
}
