/** Sentences for codes of the API that only pages other than the first one meet. */
export const refusals: Record<string, string> = {
  EMPTY_TEXT: "The message is empty. Write something, choose a template, or add a picture.",
  PREVIEW_CHANGED:
    "Something changed since you looked: who gets it, or what it costs. Look at the plan again, then send.",
  SCHEDULED_TOO_SOON: "That time is past, or less than a minute ahead. Choose a later one.",
  DRAFT_CHANGED:
    "A colleague has saved this draft meanwhile. Open it again from Drafts to see what they wrote.",
  DRAFT_NOT_FOUND: "This draft is gone: a colleague has sent or removed it.",
  MESSAGE_NOT_SENDING: "It is not being sent right now, so there is nothing to pause.",
  MESSAGE_NOT_PAUSED: "It is not paused, so there is nothing to resume.",
  KEYWORD_DOES_NOTHING:
    "A keyword needs something to do: a group to join, an answer, or somebody to tell.",
  CONSENT_COLUMN:
    "A column speaks of consent to be texted. Go back to the columns and say whether it is a yes or a no to texts, or leave it out.",
  IMPORT_NOT_IN_STATE: "This import has gone on meanwhile. Load the page anew to see it.",
  IMPORT_NOT_MAPPED: "Say first what the columns are.",
  IMPORT_NOT_FOUND: "This import is gone. It is kept for 30 days.",
};
