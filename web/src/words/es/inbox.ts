import type { inbox as english } from "../en/inbox.ts";
import { plurals } from "../plural.ts";

const count = plurals("es");

export const inbox = {
  title: "Bandeja",
  waiting: (conversations: number) =>
    conversations === 0
      ? "Nadie espera respuesta"
      : `${count(conversations, "conversación", "conversaciones")} sin leer`,
  emptyWhy: "Quien responda a uno de sus mensajes, o le escriba, aparece aquí.",
} satisfies typeof english;
