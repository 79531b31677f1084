import { type Admin, type Member, ok } from "@koinonia/client";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useMe } from "../api/queries.ts";
import { EditDialog } from "../ui/EditDialog.tsx";
import { TextArea, TextField } from "../ui/TextField.tsx";
import { useWords } from "../words/words.tsx";

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

/** Who is signed in, as a person of the church: found by phone and address, or added. */
async function ownCard(admin: Admin, phone: string, key: string): Promise<Member> {
  const digits = phone.replace(/\D/g, "").slice(-10);
  const query = { search: digits, limit: 20 };
  const { data } = await ok(api.GET("/api/members", { params: { query } }));
  const own = data.find(({ email }) => email?.toLowerCase() === admin.email.toLowerCase());
  if (own !== undefined) return own;
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
