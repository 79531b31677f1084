import { type Admin, type Member, ok } from "@koinonia/client";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useMe } from "../api/queries.ts";
import { EditDialog } from "../ui/EditDialog.tsx";
import { TextArea, TextField } from "../ui/TextField.tsx";
import { useWords } from "../words/words.tsx";

/** Of a whole number, with its area. */
const DIGITS = 10;

/** A test text to one's own phone, for which one stands among the people. */
export function TextYourself({ onClose }: { onClose: () => void }) {
  const words = useWords().dashboard;
  const { admin, church } = useMe();
  const [phone, setPhone] = useState("");
  const [content, setContent] = useState(words.firstText(church.name));
  return (
    <EditDialog
      title={words.textYourself}
      submit={words.sendNow}
      isDirty={phone !== ""}
      save={async (key) => {
        const member = await ownCard(admin, phone, key);
        return ok(
          api.POST("/api/messages/test", {
            params: { header: { "Idempotency-Key": `${key}-text` } },
            body: { content, memberId: member.id },
          }),
        );
      }}
      touches={["messages", "members"]}
      done={words.textSent}
      onClose={onClose}
    >
      <p className="muted">{words.ownPhoneWhy}</p>
      <TextField
        name="phone"
        type="tel"
        inputMode="tel"
        label={words.ownPhone}
        isRequired
        autoFocus
        placeholder="(202) 555-0142"
        value={phone}
        onChange={setPhone}
      />
      <TextArea
        name="content"
        label={words.text}
        isRequired
        maxLength={1600}
        value={content}
        onChange={setContent}
      />
    </EditDialog>
  );
}

/** Who is signed in, as a person of the church: their card of this phone, or a new one. */
async function ownCard(admin: Admin, phone: string, key: string): Promise<Member> {
  const digits = phone.replace(/\D/g, "");
  if (digits.length < DIGITS) return addedCard(admin, phone, key); // and the API says what is wrong
  const query = { search: phone.trim(), limit: 20 };
  const { data } = await ok(api.GET("/api/members", { params: { query } }));
  const own = data.find((card) => card.phone.endsWith(digits) && isOwn(card, admin));
  if (own === undefined) return addedCard(admin, phone, key);
  if (own.consent === "none") await recordConsent(own, key);
  if (own.email !== null) return own;
  const path = { memberId: own.id };
  return ok(
    api.PATCH("/api/members/{memberId}", { params: { path }, body: { email: admin.email } }),
  );
}

/** By the address, or by the first name where the card has none: others may share the phone. */
function isOwn({ email, firstName }: Member, admin: Admin): boolean {
  if (email !== null) return email.toLowerCase() === admin.email.toLowerCase();
  const own = admin.firstName ?? firstName;
  return firstName.toLowerCase() === own.toLowerCase();
}

function addedCard(admin: Admin, phone: string, key: string): Promise<Member> {
  return ok(
    api.POST("/api/members", {
      params: { header: { "Idempotency-Key": `${key}-card` } },
      body: {
        firstName: admin.firstName ?? admin.email.split("@")[0] ?? admin.email,
        lastName: admin.lastName ?? "",
        phone,
        email: admin.email,
        consent: true,
      },
    }),
  );
}

/** By sending one agrees, as the dialog says; a stop is not taken back by it. */
function recordConsent(own: Member, key: string) {
  return ok(
    api.POST("/api/consents", {
      params: { header: { "Idempotency-Key": `${key}-consent` } },
      body: {
        memberId: own.id,
        kind: "granted",
        method: "staff",
        words: null,
        note: "They sent themselves a test text from the dashboard.",
        occurredAt: null,
      },
    }),
  );
}
