import type { notices as english } from "../en/notices.ts";

export const notices = {
  newText: "Llegó un mensaje nuevo.",
  colleague: "Alguien de su equipo",
  reasons: {
    mentioned: (name: string) => `${name} le mencionó en una nota`,
    assigned: (name: string) => `${name} le asignó una conversación`,
    keyword: (_name: string) => "Alguien envió una palabra clave suya",
    reply_refused: (_name: string) => "Una respuesta programada suya no se envió",
  },
} satisfies typeof english;
