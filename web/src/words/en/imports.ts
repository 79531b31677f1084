import { plurals } from "../plural.ts";

/** What is said of a row, with what the sentence needs. */
type Said = (values: Record<string, string>) => string;

const count = plurals("en");
const rows = (number: number) => count(number, "row", "rows");
const people = (number: number) => count(number, "person", "people");

const upload = {
  title: "Import a list",
  lead: "Bring people from your last system. Nothing is written until you have seen what would be.",
  file: "A file",
  drop: "Drop a CSV or Excel file here",
  chooseFile: "Choose a file",
  fileHint: "Up to 25 MB and 200,000 rows.",
  reading: "Reading the file…",
  pasteExample: "First name\tLast name\tPhone",
  paste: "Or paste rows from a sheet",
  pasteHint: "With the row that names the columns, if there is one.",
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
  headTitle: "The first row",
  headQuestion: "Is this the row with the names of the columns?",
  isHead: "Yes, these are names of columns",
  isPerson: "No, this is a person already",
  unnamed: (number: number) => `Column ${number}`,
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
  dayOrder: "How are its days written?",
  dayOrders: {
    monthFirst: "Month first: 4/5 is April 5",
    dayFirst: "Day first: 4/5 is May 4",
  },
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
    DAY_ORDER_OPEN: "These days could be read either way. Say which of the two comes first.",
    SYSTEM_UNNAMED: "Say which system gave these ids, or leave the column out.",
  },
  refused: {
    EMPTY_FILE: "There is nobody in this file. It needs a row for each person.",
    NOT_A_LIST:
      "This is a picture or a document, and no list of people. Export the list as CSV or Excel (.xlsx), and choose that.",
    OLD_WORKBOOK:
      "This file is of an older Excel (.xls), has a password, or is a web page. Open it in your spreadsheet program, save it as Excel (.xlsx) without a password, and choose that.",
    CONTACT_CARDS: "These are contact cards (vCard). Export your contacts as CSV, and choose that.",
    BAD_ENCODING:
      "The text of this file cannot be read. Save it in your spreadsheet program as Excel (.xlsx) or as “CSV UTF-8”, and choose it again.",
    BAD_CSV:
      "A row of this file cannot be read, since a quotation mark in it is not closed. Open it in a spreadsheet program, save it as Excel (.xlsx), and choose that.",
    FILE_TOO_LARGE: "This file is larger than 25 MB. Split it, and import the parts one by one.",
    TOO_LARGE: "This file is larger than 25 MB. Split it, and import the parts one by one.",
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
    IMPORT_HEAD_FIXED:
      "This row must name the columns, or be a person, as it is now: there is no other. Choose the file again if it is wrong.",
    IMPORT_BROKEN:
      "Something went wrong on our side, several times. What was written before stays; undo it, or tell support.",
  } as Record<string, string>,
};

const reasons = {
  whom: "Who",
  phone: "Phone",
  noName: "Without a name",
  reasons: {
    PHONE_EMPTY: () => "There is no phone in this row.",
    PHONE_WITH_EXTENSION: () =>
      "A number with an extension cannot be texted. Give one without an extension.",
    PHONE_WITH_SIGNS: () =>
      "There are letters or signs in the phone. Write one number, like (202) 555-0142.",
    PHONE_TOO_SHORT: () =>
      "The phone has too few digits. Write it with its area code, like (202) 555-0142.",
    PHONE_TOO_LONG: () => "The phone has too many digits. Write one number.",
    PHONE_NO_NUMBER: () => "This is no phone number. Write it like (202) 555-0142.",
    PHONE_UNKNOWN: () => "No phone has this number. Check its digits.",
    PHONE_NEVER_TEXTED: () => "This number cannot be texted. Give a mobile number.",
    PHONE_SHORTENED: () =>
      "Excel shortened this number, and its last digits are lost. Type it in again, in a column whose format is text.",
    PHONE_WITH_WORDS: ({ words = "" }) =>
      `Beside the number stands “${words}”. Keep the number alone if it can be texted.`,
    EXTENSION_LEFT_OUT: () => "The number was taken without its extension.",
    OTHER_PHONES_LEFT_OUT: () => "The cell has several phones; one of them was taken.",
    NAME_EMPTY: () => "The first name is empty.",
    NAME_TOO_LONG: ({ most = "" }) => `A name has more than ${most} letters. Shorten it.`,
    FIELD_TOO_LONG: ({ field = "", most = "" }) =>
      `“${field}” has more than ${most} letters. Shorten it.`,
    DAY_UNREADABLE: ({ field = "" }) =>
      `What stands in “${field}” is no day, and was kept as it is written.`,
    EMAIL_INVALID: () => "The e-mail address is not one. Correct it or leave it out.",
    TIMEZONE_UNKNOWN: () => "There is no such time zone. Write it like America/Chicago.",
    EXTERNAL_ID_INVALID: () =>
      "The id of the other system is not one. It has up to 100 letters and digits.",
    EXTERNAL_ID_TWICE: ({ row = "" }) => `Row ${row} has the same id. Each person has their own.`,
    EXTERNAL_ID_OF_ANOTHER: () =>
      "Somebody has this name and phone already, and the id belongs to somebody else. Merge the two people, or correct the row.",
    CONSENT_UNCLEAR: () =>
      "The cell about consent says neither yes nor no. Write one of them, or leave it empty.",
    SURPLUS_CELLS: () =>
      "The row has more cells than there are columns. Put text with commas in quotation marks.",
    GROUP_NAME_TOO_LONG: ({ most = "" }) =>
      `The name of a group has more than ${most} letters. Shorten it.`,
    SAME_PERSON: ({ row = "" }) => `The same person as row ${row}; the groups are put together.`,
    NOTHING_NEW: () => "They are here already, and the row says nothing new.",
    MEMBER_GONE: () => "Somebody removed this person at that moment. Import the row again.",
  } as Record<string, Said>,
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

export const imports = {
  ...upload,
  ...columns,
  ...refusals,
  ...reasons,
  ...checking,
  ...consent,
  ...result,
};
