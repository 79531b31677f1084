import type { ImportJob } from "@koinonia/client";
import { Button } from "../ui/Button.tsx";
import { Form } from "../ui/Form.tsx";
import { Section } from "../ui/Page.tsx";
import { RadioGroup } from "../ui/RadioGroup.tsx";
import { Notice } from "../ui/States.tsx";
import { TextArea, TextField } from "../ui/TextField.tsx";
import { useWords } from "../words/words.tsx";
import { type ConsentDraft, dropDraft, type MappingDraft } from "./mapping.ts";
import { useStart } from "./start.ts";
import type { Step } from "./steps.ts";

/** How these people agreed, in words, since a box that is ticked in passing proves nothing. */
export function ConsentStep(props: {
  job: ImportJob;
  draft: MappingDraft;
  onChange: (draft: MappingDraft) => void;
  onStep: (step: Step) => void;
}) {
  const words = useWords();
  const { job, draft, onChange, onStep } = props;
  const { consent } = draft;
  const starting = useStart(job.id, false, () => {
    dropDraft(job.id);
    onStep("result");
  });
  const set = (changed: Partial<ConsentDraft>) =>
    onChange({ ...draft, consent: { ...consent, ...changed } });
  return (
    <Section title={words.imports.consentTitle} note={words.imports.consentWhy}>
      <Form
        error={starting.error}
        onSubmit={() => starting.mutate(draft)}
        actions={
          <>
            <Button onPress={() => onStep(job.status === "checked" ? "check" : "columns")}>
              {words.common.back}
            </Button>
            <Button
              type="submit"
              kind="primary"
              isDisabled={consent.agreed === null}
              isPending={starting.isPending}
            >
              {words.imports.start}
            </Button>
          </>
        }
      >
        <RadioGroup
          label={words.imports.didTheyAgree}
          choices={[
            { id: "yes", name: words.imports.agreed, note: words.imports.agreedWhy },
            { id: "no", name: words.imports.notAgreed, note: words.imports.notAgreedWhy },
          ]}
          value={consent.agreed}
          onChange={(agreed) => set({ agreed })}
        />
        {consent.agreed === "yes" && <Statement consent={consent} onChange={set} />}
        {consent.agreed === "no" && <Notice tone="warning">{words.imports.nobodyTexted}</Notice>}
      </Form>
    </Section>
  );
}

function Statement(props: {
  consent: ConsentDraft;
  onChange: (changed: Partial<ConsentDraft>) => void;
}) {
  const words = useWords().imports;
  const { consent, onChange } = props;
  return (
    <>
      <TextArea
        name="wording"
        label={words.wording}
        hint={words.wordingHint}
        isRequired
        minLength={2}
        maxLength={2000}
        value={consent.wording}
        onChange={(wording) => onChange({ wording })}
      />
      <TextField
        name="source"
        label={words.source}
        hint={words.sourceHint}
        isRequired
        minLength={2}
        maxLength={200}
        value={consent.source}
        onChange={(source) => onChange({ source })}
      />
      <TextField
        name="on"
        label={words.agreedOn}
        type="date"
        value={consent.on}
        onChange={(on) => onChange({ on })}
      />
    </>
  );
}
