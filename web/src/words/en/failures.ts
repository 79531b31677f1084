/** Sentences for failures of a text whose own speak to programs; the API says the others well. */
export const failures: Record<string, string> = {
  no_active_number:
    "The church has no number that texts can leave from. Order one in the settings.",
  number_disconnected:
    "This number is not connected at the carrier, so texts cannot leave from it. The settings say what to do.",
};
