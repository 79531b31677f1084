export const notices = {
  newText: "A new text came in.",
  colleague: "A colleague",
  reasons: {
    mentioned: (name: string) => `${name} named you in a note`,
    assigned: (name: string) => `${name} gave you a conversation`,
    keyword: (_name: string) => "Somebody texted a keyword of yours",
    reply_refused: (_name: string) => "A scheduled answer of yours was not sent",
  },
};
