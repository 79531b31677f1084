import { plurals } from "../plural.ts";

const count = plurals("en");
const list = new Intl.ListFormat("en");

/** What is written to one and to many alike. */
export const compose = {
  fields: "Fields to insert",
  insertField: "Insert a field",
  fieldNames: {
    firstName: "First name",
    lastName: "Last name",
    fullName: "Whole name",
    churchName: "Name of the church",
  },
  friend: "friend",
  template: "Use a template",
  templateUsed: (name: string) => `The words are now those of “${name}”.`,
  picture: "Add a picture",
  emoji: "Emoji",
  parts: (parts: number, grows: boolean) =>
    `${count(parts, "part", "parts")}${grows ? " or more" : ""}`,
  left: (units: number) => `${count(units, "character", "characters")} left in this part`,
  tooLong: (most: number) => `A text has at most ${most} parts. Shorten it.`,
  fieldsGrow: "Names and other values count too. The preview counts each person's own text.",
  costly: (letters: string[], all: number) =>
    `${list.format(letters)}${all > letters.length ? " and others" : ""} ${
      all === 1 ? "leaves" : "leave"
    } room for 70 characters in a part, in the place of 160.`,
  cheaperForm: (parts: number) => `Use plain letters: ${count(parts, "part", "parts")}`,
  sample: (at: number, of: number, parts: number) =>
    `Sample ${at} of ${of} · ${count(parts, "part", "parts")}`,
  sampleBefore: "Sample before",
  sampleNext: "Next sample",
};
