import { plurals } from "../plural.ts";

const count = plurals("en");
const rows = (number: number) => count(number, "row", "rows");
const people = (number: number) => count(number, "person", "people");

const upload = {
  title: "Import a list",
  lead: "Bring people from your last system. Nothing is written until you have seen what would be.",
  file: "A file",
  drop: "Drop a CSV or Excel file here",
  chooseFile: "Choose a file",
  fileHint: "Up to 25 MB and 200,000 rows. The first row names the columns.",
  reading: "Reading the file…",
  paste: "Or paste rows from a sheet",
  pasteHint: "With the row that names the columns.",
  pastedName: "pasted.csv",
  readPasted: "Read what I pasted",
  earlier: "Earlier imports",
  earlierWhy: "They can be looked at and undone for 30 days.",
  rows,
  statuses: {
    uploaded: "Not finished",
    checking: "Checking the rows",
    checked: "Checked",
    running: "Importing",
    done: "Imported",
    cancelled: "Stopped",
    failed: "Failed",
    undoing: "Undoing",
    undone: "Undone",
  },
  stepsLabel: "Steps of the import",
  steps: { file: "File", columns: "Columns", check: "Check", consent: "Consent", result: "Result" },
};

const columns = {
  columnsTitle: "What is in each column?",
  columnsWhy: "This is our guess. Below each name stand the first rows of your file.",
  columnIs: (head: string) => `“${head}” is`,
  emptyColumn: "Empty in the first rows",
  speaksOfConsent: "About consent",
  sayWhat: "Say what it is",
  newFieldName: "Name of the new field",
  ownField: "Your field",
  everybody: "Groups",
  everybodyWhy: "Groups that the file names are made if they do not exist.",
  joinAll: "Everybody of this list joins",
  noGroups: "There are no groups yet.",
  branchOfNew: "Branch of new groups",
  branchOfNewWhy: "Where the file names a group without a branch.",
  system: "Which system gave these ids?",
  systemWhy: "So that a later list of it finds the same people, also with another number.",
  chooseSystem: "Choose the system",
  otherSystem: "Another one…",
  systemName: "Name of the system",
  undecided: (number: number) => `${count(number, "column", "columns")} to decide`,
  leaveRest: "Leave out the undecided columns",
  check: "Check the rows",
  targets: {
    firstName: "First name",
    lastName: "Last name",
    name: "Whole name",
    phone: "Phone",
    email: "E-mail",
    birthday: "Birthday",
    groups: "Groups",
    branch: "Branch of the group",
    timezone: "Time zone",
    optIn: "Agreed to texts (yes or no)",
    optOut: "Wants no texts (yes or no)",
    externalId: "Id in another system",
    field: "Your field",
    newField: "A new field…",
    leftOut: "Leave out",
  },
};

const refusals = {
  faults: {
    NO_PHONE: "No column is the phone yet. Say above which one holds the numbers to text.",
    NO_SUCH_COLUMN: "The file has fewer columns than that. Load the page anew.",
    COLUMN_TWICE: "One column was named twice. Load the page anew.",
    TARGET_TWICE: "Another column above is this already. Leave one of the two out.",
    FIELD_TWICE: "Another column above is this field already. Leave one of the two out.",
    FIELD_UNNAMED: "Give the new field a name.",
    BRANCH_WITHOUT_GROUPS:
      "People belong to a branch by their groups. Say which column names the groups, or choose Groups here to make a group of each branch.",
    SYSTEM_UNNAMED: "Say which system gave these ids, or leave the column out.",
  },
  refused: {
    EMPTY_FILE:
      "There is nobody in this file. It needs a row for each person, and a first row that names the columns.",
    BAD_ENCODING:
      "The text of this file cannot be read. Save it in your spreadsheet program as Excel (.xlsx) or as “CSV UTF-8”, and choose it again.",
    BAD_CSV:
      "A row of this file cannot be read, since a quotation mark in it is not closed. Open it in a spreadsheet program, save it as Excel (.xlsx), and choose that.",
    FILE_TOO_LARGE: "This file is larger than 25 MB. Split it, and import the parts one by one.",
    PAYLOAD_TOO_LARGE: "This file is larger than 25 MB. Split it, and import the parts one by one.",
    REQUEST_TOO_LARGE: "This file is larger than 25 MB. Split it, and import the parts one by one.",
    TOO_MANY_ROWS:
      "This file has more than 200,000 rows. Split it, and import the parts one by one.",
    TOO_MANY_COLUMNS:
      "This file has more than 200 columns. Keep those that are needed, and choose it again.",
    CELL_TOO_LONG:
      "A cell of this file has more than 10,000 letters. Shorten it, or remove its column, and choose the file again.",
    BAD_WORKBOOK:
      "This file cannot be read as an Excel workbook. Save it anew as .xlsx, without a password, or as “CSV UTF-8”.",
    WORKBOOK_TOO_LARGE:
      "This workbook is too large when it is unpacked. Save its first sheet as “CSV UTF-8”, and choose that.",
    TOO_MANY_IMPORTS: "50 imports are kept already. They go after 30 days; write to support.",
    TOO_MANY_GROUPS:
      "The file names more than 1,000 groups. Choose another column for the groups, or leave it out.",
    IMPORT_BROKEN:
      "Something went wrong on our side, several times. What was written before stays; undo it, or tell support.",
  } as Record<string, string>,
};

const checking = {
  checkTitle: "What the import would do",
  checkWhy: "Every row was checked. Nothing is written yet.",
  progress: (done: number, all: number) => `${count(done, "row", "rows")} of ${all}`,
  mayLeave: "You may leave this page. It goes on, and the result waits here.",
  stop: "Stop",
  wouldBe: { created: "New", updated: "Updated", skipped: "Left out", failed: "Refused" },
  became: { created: "Added", updated: "Updated", skipped: "Left out", failed: "Refused" },
  granted: "Agreed to texts",
  optedOut: "Opted out",
  households: "Shared phones",
  newGroups: (names: string) => `These groups are made: ${names}.`,
  newFields: (names: string) => `These fields are made: ${names}.`,
  refusedWhy: (number: number) =>
    `${rows(number)} ${number === 1 ? "is" : "are"} refused, each with its reason. Correct them in the file, then import that file.`,
  refusedFile: "Refused rows (CSV)",
  rowsTitle: "Row by row",
  all: "All",
  row: "Row",
  outcome: "Result",
  reason: "Why",
  backToColumns: "Back to the columns",
  toConsent: "Go on",
};

const consent = {
  consentTitle: "How did these people agree?",
  consentWhy:
    "The law asks for it, and carriers may ask you. What you write here stands in the ledger of each person.",
  didTheyAgree: "Did they agree to get texts from your church?",
  agreed: "Yes, they agreed",
  agreedWhy: "On a card, a form, or by word.",
  notAgreed: "No, or I do not know",
  notAgreedWhy: "They are imported, and nobody texts them until they agree.",
  nobodyTexted:
    "Nobody of this list is texted for being imported. Who agreed before can still be texted.",
  wording: "What did they agree to?",
  wordingHint: "The words that they read or heard.",
  source: "Where?",
  sourceHint: "For example: the connect card of 2026.",
  agreedOn: "When?",
  start: "Import",
};

const result = {
  allWell: "Every row went through.",
  keptUntil: (moment: string) => `This result is kept until ${moment}.`,
  toPeople: "See the people",
  undo: "Undo the import",
  undoTitle: "Undo this import?",
  undoWhy: (created: number, updated: number) =>
    `${people(created)} who came with it ${created === 1 ? "goes" : "go"} again${updated === 0 ? "" : `, and ${people(updated)} ${updated === 1 ? "is" : "are"} as before`}, where nobody changed them since. The consent that it recorded no longer counts. Opt-outs stay.`,
  undone: (removed: number, putBack: number, annulled: number) =>
    `${people(removed)} removed, ${people(putBack)} as before, ${count(annulled, "statement", "statements")} of consent taken back.`,
  undoKept: (number: number) =>
    `Of ${rows(number)} something stayed, since somebody changed it after the import.`,
  keptFile: "What stayed (CSV)",
};

export const imports = { ...upload, ...columns, ...refusals, ...checking, ...consent, ...result };
